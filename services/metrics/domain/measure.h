#pragma once

#include <optional>

#include "absl/strings/string_view.h"

namespace cityinfo::metrics {

// How a value measures its indicator. The names are part of the stored data and of the public
// contract: never rename one, only add.
enum class Measure {
  kLevel,          // the amount itself: 281.76亿元, 11座, 102.3 (an index)
  kYoyGrowth,      // growth over the same time of the year before, in %: 比上年/同比增长3.1%
  kAverageGrowth,  // average growth per year over a span, in %: 年均增长5.9%
  kShare,          // a part of a whole or a rate, in % or ‰: 占比30%, 城镇化率65.7%
  kChange,         // a difference: 提高0.7个百分点, 净增160亿元
  kRank,           // a place in an order: 全省第5位
  kMultiple,       // times another value: 是上年的1.8倍, 翻一番
};

// Whether the value happened, was promised or was foreseen.
enum class Kind {
  kActual,    // a result, provisional results (初步核算) included
  kTarget,    // a promise or a plan
  kForecast,  // an expectation about a time to come, promised by nobody
};

// How the printed number bounds the true one.
enum class Qualifier {
  kExact,    // as printed
  kAbout,    // 左右, 约, 近
  kAtLeast,  // 以上, 不低于
  kAtMost,   // 以内, 以下, 不超过
  kOver,     // 突破, 超, 多, 余: strictly more
  kRange,    // 6.0%—6.5%: there is an upper value too
};

// The UPPER_SNAKE names of the contract ("YOY_GROWTH"). The view points to static storage.
absl::string_view ToString(Measure measure);
absl::string_view ToString(Kind kind);
absl::string_view ToString(Qualifier qualifier);

// The inverse of ToString; nothing for any other text.
std::optional<Measure> ParseMeasure(absl::string_view name);
std::optional<Kind> ParseKind(absl::string_view name);
std::optional<Qualifier> ParseQualifier(absl::string_view name);

}  // namespace cityinfo::metrics
