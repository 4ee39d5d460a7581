#include "services/metrics/domain/catalogue/table.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"
#include "platform/base/utf8.h"

namespace cityinfo::metrics {

absl::string_view TableRow::operator[](absl::string_view column) const {
  for (size_t i = 0; i < columns_->size(); ++i) {
    if (column == (*columns_)[i]) return cells_[i];
  }
  return {};
}

absl::Status TableRow::Error(absl::string_view column, absl::string_view why) const {
  return base::InvalidArgument(absl::StrCat(file_, ":", line_), absl::StrCat(column, ": ", why),
                               "INVALID_CATALOGUE");
}

absl::StatusOr<Table> Table::Parse(absl::string_view file, absl::string_view text,
                                   const std::vector<std::string>& expected) {
  const auto error = [&](int line, absl::string_view why) {
    return base::InvalidArgument(absl::StrCat(file, ":", line), why, "INVALID_CATALOGUE");
  };
  Table table;
  table.file_ = std::string(file);
  table.columns_ = expected;
  bool seen_header = false;
  int line_number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++line_number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line[0] == '#') continue;
    if (!base::IsValidUtf8(line)) return error(line_number, "the line is not UTF-8");
    std::vector<absl::string_view> cells = absl::StrSplit(line, '\t');
    if (!seen_header) {
      if (absl::StrJoin(cells, "\t") != absl::StrJoin(expected, "\t")) {
        return error(line_number,
                     absl::StrCat("the columns must be ", absl::StrJoin(expected, ", ")));
      }
      seen_header = true;
      continue;
    }
    if (cells.size() != expected.size()) {
      return error(line_number,
                   absl::StrCat("the row has ", cells.size(), " columns, not ", expected.size()));
    }
    table.rows_.emplace_back(line_number, std::move(cells));
  }
  if (!seen_header) return error(line_number, "the line of column names is missing");
  return table;
}

}  // namespace cityinfo::metrics
