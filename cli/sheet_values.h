// How statisticians write in their sheets: numbers, periods, days, units behind a name.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace cityinfo::cli {

// Without spaces at the ends and with full-width digits, letters, brackets and points as ASCII.
std::string FoldCell(absl::string_view cell);

// Whether a (folded) cell says that there is no value: empty, "-", "…", "..", "NA".
bool IsMissing(absl::string_view cell);

// "2021" "2021年" "2021年度" "2021年9月" "2021年1-9月" "2021年上半年" "2021年三季度"
// "2021年前三季度" "2016-2020年" and the API's own forms, as the API writes them. Nothing for what
// is no period.
std::optional<std::string> ReadPeriodCell(absl::string_view cell);

// "2021-12-30", "2021/12/30" and "2021年12月30日" as the first of them.
std::optional<std::string> ReadDayCell(absl::string_view cell);

// A number and the unit printed behind it: "1,281.76亿元" gives "1281.76" and "亿元". Nothing for
// what does not begin with a number.
struct NumberCell {
  std::string number;
  std::string unit;
};
std::optional<NumberCell> ReadNumberCell(absl::string_view cell);

// A name and the unit in brackets behind it: "地区生产总值（亿元）" and "人口(单位：万人)".
struct NamedUnit {
  std::string name;
  std::string unit;
};
NamedUnit SplitUnit(absl::string_view cell);

// The API's name of a measure or a kind; words of sheets (同比增长, 目标) too. Nothing when
// unknown.
std::optional<std::string> ReadMeasureCell(absl::string_view cell);
std::optional<std::string> ReadKindCell(absl::string_view cell);

}  // namespace cityinfo::cli
