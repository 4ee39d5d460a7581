#include "services/gateway/imports/json_lines.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace cityinfo::gateway {

bool IsJsonLinesType(absl::string_view content_type) {
  const absl::string_view type =
      absl::StripAsciiWhitespace(content_type.substr(0, content_type.find(';')));
  constexpr absl::string_view kTypes[] = {"application/x-ndjson", "application/jsonl",
                                          "application/json"};
  return std::any_of(std::begin(kTypes), std::end(kTypes),
                     [&](absl::string_view known) { return absl::EqualsIgnoreCase(type, known); });
}

std::optional<JsonLines::Line> JsonLines::Next() {
  while (!rest_.empty()) {
    const size_t end = rest_.find('\n');
    absl::string_view text = rest_.substr(0, end);
    rest_ = end == absl::string_view::npos ? absl::string_view() : rest_.substr(end + 1);
    ++number_;
    if (text.find_first_not_of(" \t\r") == absl::string_view::npos) continue;
    if (text.back() == '\r') text.remove_suffix(1);
    return Line{number_, text};
  }
  return std::nullopt;
}

}  // namespace cityinfo::gateway
