#include "services/metrics/domain/granularity.h"

namespace cityinfo::metrics {
namespace {

constexpr Granularity kAll[] = {
    Granularity::kYearly,    Granularity::kHalfYearly, Granularity::kQuarterly,
    Granularity::kMonthly,   Granularity::kDaily,      Granularity::kCumulativeMonths,
    Granularity::kMonthSpan, Granularity::kYearSpan,
};

}  // namespace

Granularity GranularityOf(const Period& period) {
  switch (period.granularity()) {
    case Period::Granularity::kYear:
      return Granularity::kYearly;
    case Period::Granularity::kHalf:
      return Granularity::kHalfYearly;
    case Period::Granularity::kQuarter:
      return Granularity::kQuarterly;
    case Period::Granularity::kMonth:
      return Granularity::kMonthly;
    case Period::Granularity::kDay:
      return Granularity::kDaily;
    case Period::Granularity::kYears:
      return Granularity::kYearSpan;
    case Period::Granularity::kMonths:
      break;
  }
  return period.first_day().month() == 1 && period.year_count() == 1
             ? Granularity::kCumulativeMonths
             : Granularity::kMonthSpan;
}

absl::string_view ToString(Granularity granularity) {
  switch (granularity) {
    case Granularity::kYearly:
      return "YEARLY";
    case Granularity::kHalfYearly:
      return "HALF_YEARLY";
    case Granularity::kQuarterly:
      return "QUARTERLY";
    case Granularity::kMonthly:
      return "MONTHLY";
    case Granularity::kDaily:
      return "DAILY";
    case Granularity::kCumulativeMonths:
      return "CUMULATIVE_MONTHS";
    case Granularity::kMonthSpan:
      return "MONTH_SPAN";
    case Granularity::kYearSpan:
      return "YEAR_SPAN";
  }
  return "";
}

std::optional<Granularity> ParseGranularity(absl::string_view name) {
  for (const Granularity granularity : kAll) {
    if (ToString(granularity) == name) return granularity;
  }
  return std::nullopt;
}

}  // namespace cityinfo::metrics
