#include "services/gateway/tables/table_choice.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/gateway/routes/percent_decoding.h"
#include "services/gateway/tables/observation_csv.h"
#include "services/gateway/tables/observation_sdmx_csv.h"

namespace cityinfo::gateway {
namespace {

constexpr TableFormat kCsv = {.name = "csv",
                              .content_type = "text/csv; charset=utf-8; header=present",
                              .file_name = "observations.csv",
                              .write_header = &WriteCsvHeader,
                              .write_row = &WriteCsvRow};
constexpr TableFormat kSdmxCsv = {
    .name = "sdmx-csv",
    .content_type = "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8",
    .file_name = "observations-sdmx.csv",
    .write_header = &WriteSdmxCsvHeader,
    .write_row = &WriteSdmxCsvRow};

// A parameter of a media type, and the one value of it that is served.
struct Served {
  absl::string_view parameter;
  absl::string_view value;
};

// What Accept may name. Parameters that are not listed do not matter.
struct Form {
  absl::string_view media_type;
  std::vector<Served> parameters;
  const TableFormat* format;
};

const std::array<Form, 3>& Forms() {
  static const auto* const forms = new std::array<Form, 3>{{
      {"application/json", {{"charset", "utf-8"}}, nullptr},
      {"text/csv", {{"charset", "utf-8"}, {"header", "present"}}, &kCsv},
      {"application/vnd.sdmx.data+csv",
       {{"charset", "utf-8"},
        {"version", "2.0.0"},
        {"labels", "id"},
        {"keys", "none"},
        {"timeformat", "original"}},
       &kSdmxCsv},
  }};
  return *forms;
}

// One entry of an Accept header.
struct Range {
  std::string media_type;
  std::vector<std::pair<std::string, std::string>> parameters;
  double quality = 1;
};

// Nothing for what is no media range.
std::optional<Range> ReadRange(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ';');
  Range range{.media_type = absl::AsciiStrToLower(absl::StripAsciiWhitespace(parts[0]))};
  if (!absl::StrContains(range.media_type, '/')) return std::nullopt;
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(parts[i], absl::MaxSplits('=', 1));
    const std::string name = absl::AsciiStrToLower(absl::StripAsciiWhitespace(pair.first));
    absl::string_view value = absl::StripAsciiWhitespace(pair.second);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    if (name != "q") {
      range.parameters.emplace_back(name, absl::AsciiStrToLower(value));
    } else if (!absl::SimpleAtod(value, &range.quality) || !(range.quality >= 0) ||
               range.quality > 1) {
      return std::nullopt;
    }
  }
  return range;
}

// How exactly the range names the form: 0 not at all, 1 as */*, 2 as text/*, 3 and more by its
// parameters.
int Exactness(const Range& range, const Form& form) {
  if (range.media_type == "*/*") return 1;
  if (absl::EndsWith(range.media_type, "/*")) {
    const absl::string_view main =
        absl::string_view(range.media_type).substr(0, range.media_type.size() - 1);
    return absl::StartsWith(form.media_type, main) ? 2 : 0;
  }
  if (range.media_type != form.media_type) return 0;
  int exactness = 3;
  for (const auto& [name, value] : range.parameters) {
    for (const Served& served : form.parameters) {
      if (served.parameter != name) continue;
      if (served.value != value) return 0;
      ++exactness;
    }
  }
  return exactness;
}

// The form that the header likes best; null when it takes none.
const Form* BestForm(absl::string_view accept) {
  std::vector<Range> ranges;
  for (const absl::string_view text : absl::StrSplit(accept, ',', absl::SkipWhitespace())) {
    std::optional<Range> range = ReadRange(text);
    if (range.has_value()) ranges.push_back(*std::move(range));
  }
  const Form* best = nullptr;
  std::pair<double, int> rank = {0, 0};
  for (const Form& form : Forms()) {
    // Of the ranges that name a form the most exact one decides.
    std::pair<int, double> match = {0, 0};
    for (const Range& range : ranges) {
      match = std::max(match, std::pair(Exactness(range, form), range.quality));
    }
    const std::pair<double, int> liked = {match.second, match.first};
    if (match.first == 0 || match.second == 0 || liked <= rank) continue;
    best = &form;
    rank = liked;
  }
  return best;
}

absl::Status BadFormat(absl::string_view message) {
  return base::InvalidArgument("format", message, "INVALID_QUERY_PARAMETER");
}

// Takes `format` out of the query; nothing when it is not there.
absl::StatusOr<std::optional<std::string>> TakeFormat(absl::string_view query, std::string& rest) {
  std::optional<std::string> format;
  std::vector<absl::string_view> others;
  for (const absl::string_view part : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (PercentDecode(pair.first, PlusSign::kSpace) != "format") {
      others.push_back(part);
      continue;
    }
    if (format.has_value()) return BadFormat("is given twice");
    format = PercentDecode(pair.second, PlusSign::kSpace).value_or("");
  }
  rest = absl::StrJoin(others, "&");
  return format;
}

}  // namespace

absl::StatusOr<TableChoice> ChooseTable(const RequestHead& head) {
  TableChoice choice;
  CITY_ASSIGN_OR_RETURN(const std::optional<std::string> format,
                        TakeFormat(head.query(), choice.query));
  if (format.has_value()) {
    choice.by_parameter = true;
    if (*format == "json") return choice;
    for (const TableFormat* table : {&kCsv, &kSdmxCsv}) {
      if (table->name != *format) continue;
      choice.format = table;
      return choice;
    }
    return BadFormat("is none of json, csv and sdmx-csv");
  }
  std::vector<absl::string_view> accepted;  // a field may come in several lines
  for (const HttpField& field : head.fields) {
    if (field.name == "accept") accepted.push_back(field.value);
  }
  const std::string accept = absl::StrJoin(accepted, ",");
  if (absl::StripAsciiWhitespace(accept).empty()) return choice;
  const Form* form = BestForm(accept);
  choice.acceptable = form != nullptr;
  if (form != nullptr) choice.format = form->format;
  return choice;
}

}  // namespace cityinfo::gateway
