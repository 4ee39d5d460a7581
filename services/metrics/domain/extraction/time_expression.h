#pragma once

#include <optional>

#include "services/metrics/domain/extraction/source_text.h"
#include "services/metrics/domain/period.h"

namespace cityinfo::metrics {

// A time as a text words it, before it is known which year "8月" or "全年" means.
struct TimeExpression {
  enum class Form {
    kYear,         // 2020年, 2020年末
    kYears,        // 2016—2020年, 2016年以来
    kMonths,       // 8月, 1-7月, 前三季度 (months 1 to 9); with or without a year
    kHalf,         // 上半年; with or without a year
    kQuarter,      // 一季度; with or without a year
    kDay,          // 8月23日; with or without a year
    kPlan,         // “十三五”期间
    kPlanEnd,      // “十三五”末
    kPastYears,    // 五年来, 过去五年: the last `first` full years
    kRunning,      // 连续8年: the `first` years up to the one spoken of
    kNextYears,    // 今后五年
    kYearOffset,   // 去年 (-1), 今年 (0), 明年 (+1), relative to the publish date
    kContextYear,  // 全年, 年末: the year spoken of
    kNow,          // 目前, 截至目前
  };
  Form form = Form::kYear;
  int begin = 0;  // characters of the SourceText
  int end = 0;
  int year = 0;                    // 0: none printed
  std::optional<int> year_offset;  // 去年上半年: -1, instead of a printed year
  int first = 0;  // of months; number of years, halves, quarters, plans, or the offset
  int last = 0;
  int day = 0;
  bool is_year_before = false;  // 上年: before the year spoken of, not before the publish date's
  bool is_report = false;  // 2017年政府工作报告: the year of the document, not of its figures
  bool is_until = false;   // 到2025年, 截至2020年底
};

// The time expression that begins at `begin`, nothing if none does.
std::optional<TimeExpression> ReadTime(const SourceText& text, int begin);

// The years of the n-th five-year plan; the first began in 1953, and after the second came three
// years of adjustment: 十三五 (13) is 2016/2020.
Period PlanYears(int plan);
// The plan whose last year is `year`; nothing when none ends then.
std::optional<Period> PlanEnding(int year);

}  // namespace cityinfo::metrics
