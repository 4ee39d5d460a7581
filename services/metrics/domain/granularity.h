#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "services/metrics/domain/period.h"

namespace cityinfo::metrics {

// What kind of time a series counts in. Finer than Period::Granularity in one thing: months counted
// up from January ("2021-01/2021-09", 1—9月累计) are a series of their own beside all other spans.
enum class Granularity {
  kYearly,            // 2021
  kHalfYearly,        // 2021-H1
  kQuarterly,         // 2021-Q3
  kMonthly,           // 2021-09
  kDaily,             // 2021-09-29
  kCumulativeMonths,  // 2021-01/2021-09: months of one year from January on
  kMonthSpan,         // 2020-10/2021-03: any other span of months
  kYearSpan,          // 2016/2020
};

Granularity GranularityOf(const Period& period);

// The names of the contract ("CUMULATIVE_MONTHS"); the view points to static storage.
absl::string_view ToString(Granularity granularity);
// The inverse; nothing for any other text.
std::optional<Granularity> ParseGranularity(absl::string_view name);

}  // namespace cityinfo::metrics
