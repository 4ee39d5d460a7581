#include "cli/sheet_values.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "platform/base/date.h"
#include "platform/base/utf8.h"

namespace cityinfo::cli {
namespace {

using Names = std::pair<absl::string_view, absl::string_view>;

std::optional<std::string> Find(absl::string_view word, const Names* begin, const Names* end) {
  const auto found =
      std::find_if(begin, end, [&](const Names& names) { return names.first == word; });
  if (found == end) return std::nullopt;
  return std::string(found->second);
}

// Digits at the front, at most `most` of them.
std::optional<int> TakeNumber(absl::string_view* text, size_t most) {
  size_t digits = 0;
  while (digits < text->size() && digits < most && absl::ascii_isdigit((*text)[digits])) ++digits;
  int number = 0;
  if (digits == 0 || !absl::SimpleAtoi(text->substr(0, digits), &number)) return std::nullopt;
  text->remove_prefix(digits);
  return number;
}

bool IsYear(std::optional<int> year) { return year.has_value() && *year >= 1000 && *year <= 9999; }
bool IsMonth(std::optional<int> month) { return month.has_value() && *month >= 1 && *month <= 12; }

// What stands behind "2021年".
std::optional<std::string> PartOfYear(int year, absl::string_view rest) {
  static constexpr Names kParts[] = {{"", ""},
                                     {"度", ""},
                                     {"全年", ""},
                                     {"上半年", "-H1"},
                                     {"下半年", "-H2"},
                                     {"一季度", "-Q1"},
                                     {"二季度", "-Q2"},
                                     {"三季度", "-Q3"},
                                     {"四季度", "-Q4"},
                                     {"第一季度", "-Q1"},
                                     {"第二季度", "-Q2"},
                                     {"第三季度", "-Q3"},
                                     {"第四季度", "-Q4"},
                                     {"1季度", "-Q1"},
                                     {"2季度", "-Q2"},
                                     {"3季度", "-Q3"},
                                     {"4季度", "-Q4"}};
  if (const auto part = Find(rest, std::begin(kParts), std::end(kParts))) {
    return absl::StrCat(year, *part);
  }
  if (rest == "前三季度") return absl::StrCat(year, "-01/", year, "-09");
  const std::optional<int> first = TakeNumber(&rest, 2);
  if (!IsMonth(first)) return std::nullopt;
  if (rest == "月" || rest == "月份") return absl::StrFormat("%d-%02d", year, *first);
  absl::ConsumePrefix(&rest, "月");
  if (!absl::ConsumePrefix(&rest, "-") && !absl::ConsumePrefix(&rest, "至")) return std::nullopt;
  const std::optional<int> last = TakeNumber(&rest, 2);
  if (!IsMonth(last) || *last <= *first || (rest != "月" && rest != "月份")) return std::nullopt;
  return absl::StrFormat("%d-%02d/%d-%02d", year, *first, year, *last);
}

// The API's own forms: of digits, "-", "/", "H" and "Q", beginning with a year. Whether it is a
// period the API says.
bool LooksLikeIso(absl::string_view text) {
  if (text.size() < 7 || !(text[4] == '-' || text[4] == '/')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(c) || c == '-' || c == '/' || c == 'H' || c == 'Q';
  });
}

}  // namespace

std::string FoldCell(absl::string_view cell) {
  std::string folded;
  for (size_t pos = 0; pos < cell.size();) {
    const char32_t c = base::DecodeCodePoint(cell, &pos);
    if (c >= 0xFF01 && c <= 0xFF5E) {
      folded.push_back(static_cast<char>(c - 0xFEE0));
    } else if (c == 0x3000 || c == 0xA0) {
      folded.push_back(' ');
    } else {
      base::AppendUtf8(c, &folded);
    }
  }
  return std::string(absl::StripAsciiWhitespace(folded));
}

bool IsMissing(absl::string_view cell) {
  static constexpr absl::string_view kMissing[] = {"",   "-",  "--",  "—",  "——", "…",
                                                   "……", "..", "...", "NA", "N/A"};
  return std::find(std::begin(kMissing), std::end(kMissing), cell) != std::end(kMissing);
}

std::optional<std::string> ReadPeriodCell(absl::string_view cell) {
  const std::string text = absl::StrReplaceAll(
      FoldCell(cell), {{" ", ""}, {"—", "-"}, {"–", "-"}, {"~", "-"}, {"～", "-"}});
  absl::string_view rest = text;
  const std::optional<int> year = TakeNumber(&rest, 4);
  if (!IsYear(year)) return std::nullopt;
  if (rest.empty()) return text;
  absl::string_view part = rest;
  if (absl::ConsumePrefix(&part, "年")) {
    if (const auto period = PartOfYear(*year, part)) return period;
  }
  // "2016-2020年", "2016年-2020年".
  absl::string_view span = rest;
  absl::ConsumePrefix(&span, "年");
  if (absl::ConsumePrefix(&span, "-") || absl::ConsumePrefix(&span, "至")) {
    const std::optional<int> last = TakeNumber(&span, 4);
    if (IsYear(last) && *last > *year && (span.empty() || span == "年")) {
      return absl::StrCat(*year, "/", *last);
    }
  }
  if (LooksLikeIso(text)) return text;
  return std::nullopt;
}

std::optional<std::string> ReadDayCell(absl::string_view cell) {
  const std::string text = absl::StrReplaceAll(
      FoldCell(cell), {{" ", ""}, {"年", "-"}, {"月", "-"}, {"日", ""}, {"/", "-"}, {".", "-"}});
  absl::string_view rest = text;
  const std::optional<int> year = TakeNumber(&rest, 4);
  if (!IsYear(year) || !absl::ConsumePrefix(&rest, "-")) return std::nullopt;
  const std::optional<int> month = TakeNumber(&rest, 2);
  if (!month.has_value() || !absl::ConsumePrefix(&rest, "-")) return std::nullopt;
  const std::optional<int> day = TakeNumber(&rest, 2);
  if (!day.has_value() || !rest.empty()) return std::nullopt;
  const base::Date date{.year = *year, .month = *month, .day = *day};
  if (!base::IsValidDate(date)) return std::nullopt;
  return base::FormatDate(date);
}

std::optional<NumberCell> ReadNumberCell(absl::string_view cell) {
  const std::string folded = FoldCell(cell);
  absl::string_view text = folded;
  NumberCell read;
  if (absl::ConsumePrefix(&text, "-") || absl::ConsumePrefix(&text, "−")) read.number = "-";
  absl::ConsumePrefix(&text, "+");
  // Groups of three behind the first comma.
  size_t end = 0;
  while (end < text.size() && (absl::ascii_isdigit(text[end]) || text[end] == ',')) ++end;
  const absl::string_view whole = text.substr(0, end);
  text.remove_prefix(end);
  const std::vector<absl::string_view> groups = absl::StrSplit(whole, ',');
  for (size_t i = 0; i < groups.size(); ++i) {
    const bool fits =
        groups.size() == 1 || (i == 0 ? groups[i].size() <= 3 : groups[i].size() == 3);
    if (groups[i].empty() || !fits) return std::nullopt;
    absl::StrAppend(&read.number, groups[i]);
  }
  if (absl::ConsumePrefix(&text, ".")) {
    end = 0;
    while (end < text.size() && absl::ascii_isdigit(text[end])) ++end;
    if (end == 0) return std::nullopt;
    absl::StrAppend(&read.number, ".", text.substr(0, end));
    text.remove_prefix(end);
  }
  text = absl::StripAsciiWhitespace(text);
  // A unit is a word; digits or points behind a number are no unit but no number either.
  if (!text.empty() && (absl::ascii_isdigit(text[0]) || absl::ascii_ispunct(text[0])) &&
      text != "%") {
    return std::nullopt;
  }
  read.unit = std::string(text);
  return read;
}

NamedUnit SplitUnit(absl::string_view cell) {
  std::string name = FoldCell(cell);
  if (name.empty() || name.back() != ')') return {.name = std::move(name)};
  const size_t open = name.rfind('(');
  if (open == std::string::npos || open == 0) return {.name = std::move(name)};
  absl::string_view unit(name);
  unit = unit.substr(open + 1, name.size() - open - 2);
  absl::ConsumePrefix(&unit, "单位");
  absl::ConsumePrefix(&unit, ":");
  NamedUnit split{.unit = std::string(absl::StripAsciiWhitespace(unit))};
  name.resize(open);
  split.name = std::string(absl::StripAsciiWhitespace(name));
  return split;
}

std::optional<std::string> ReadMeasureCell(absl::string_view cell) {
  static constexpr Names kMeasures[] = {{"LEVEL", "LEVEL"},
                                        {"总量", "LEVEL"},
                                        {"绝对数", "LEVEL"},
                                        {"绝对量", "LEVEL"},
                                        {"YOY_GROWTH", "YOY_GROWTH"},
                                        {"增速", "YOY_GROWTH"},
                                        {"同比", "YOY_GROWTH"},
                                        {"同比增长", "YOY_GROWTH"},
                                        {"比上年增长", "YOY_GROWTH"},
                                        {"增长", "YOY_GROWTH"},
                                        {"AVERAGE_GROWTH", "AVERAGE_GROWTH"},
                                        {"年均增长", "AVERAGE_GROWTH"},
                                        {"SHARE", "SHARE"},
                                        {"占比", "SHARE"},
                                        {"比重", "SHARE"},
                                        {"CHANGE", "CHANGE"},
                                        {"RANK", "RANK"},
                                        {"MULTIPLE", "MULTIPLE"}};
  return Find(FoldCell(cell), std::begin(kMeasures), std::end(kMeasures));
}

std::optional<std::string> ReadKindCell(absl::string_view cell) {
  static constexpr Names kKinds[] = {
      {"ACTUAL", "ACTUAL"},     {"实际", "ACTUAL"},   {"完成", "ACTUAL"},
      {"TARGET", "TARGET"},     {"目标", "TARGET"},   {"计划", "TARGET"},
      {"FORECAST", "FORECAST"}, {"预测", "FORECAST"}, {"预计", "FORECAST"}};
  return Find(FoldCell(cell), std::begin(kKinds), std::end(kKinds));
}

}  // namespace cityinfo::cli
