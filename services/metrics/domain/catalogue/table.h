#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::metrics {

// One row of a tab-separated table, with the place to name in an error.
class TableRow {
 public:
  TableRow(absl::string_view file, int line, const std::vector<std::string>* columns,
           std::vector<absl::string_view> cells)
      : file_(file), line_(line), columns_(columns), cells_(std::move(cells)) {}

  // The cell of a column that the table is known to have.
  absl::string_view operator[](absl::string_view column) const;

  // INVALID_ARGUMENT "indicators.tsv:7: id: why".
  absl::Status Error(absl::string_view column, absl::string_view why) const;

 private:
  absl::string_view file_;
  int line_;
  const std::vector<std::string>* columns_;
  std::vector<absl::string_view> cells_;
};

// A table of tab-separated text: `#` comments, one line of column names, rows. It must have exactly
// the columns of `expected`, in that order. Rows point into the text, which must outlive the table.
class Table {
 public:
  // Fails with INVALID_ARGUMENT that names the file and the line.
  static absl::StatusOr<Table> Parse(absl::string_view file, absl::string_view text,
                                     const std::vector<std::string>& expected);

  // Calls `visit(const TableRow&) -> absl::Status` for each row until one fails.
  template <typename Visitor>
  absl::Status ForEach(Visitor visit) const {
    for (const auto& [line, cells] : rows_) {
      absl::Status status = visit(TableRow(file_, line, &columns_, cells));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  std::string file_;
  std::vector<std::string> columns_;
  std::vector<std::pair<int, std::vector<absl::string_view>>> rows_;
};

}  // namespace cityinfo::metrics
