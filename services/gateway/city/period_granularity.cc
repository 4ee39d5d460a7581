#include "services/gateway/city/period_granularity.h"

namespace cityinfo::gateway {
namespace {

metrics::v1::Granularity OfOne(absl::string_view period) {
  if (period.size() == 4) return metrics::v1::YEARLY;
  if (period.size() == 10) return metrics::v1::DAILY;
  if (period.size() != 7) return metrics::v1::GRANULARITY_UNSPECIFIED;
  if (period[5] == 'H') return metrics::v1::HALF_YEARLY;
  if (period[5] == 'Q') return metrics::v1::QUARTERLY;
  return metrics::v1::MONTHLY;
}

}  // namespace

metrics::v1::Granularity GranularityOf(absl::string_view period) {
  const size_t slash = period.find('/');
  if (slash == absl::string_view::npos) return OfOne(period);
  const absl::string_view first = period.substr(0, slash);
  const absl::string_view last = period.substr(slash + 1);
  if (OfOne(first) != OfOne(last)) return metrics::v1::GRANULARITY_UNSPECIFIED;
  switch (OfOne(first)) {
    case metrics::v1::YEARLY:
      return metrics::v1::YEAR_SPAN;
    case metrics::v1::MONTHLY:
      return first.substr(0, 4) == last.substr(0, 4) && first.substr(4) == "-01"
                 ? metrics::v1::CUMULATIVE_MONTHS
                 : metrics::v1::MONTH_SPAN;
    default:
      return metrics::v1::GRANULARITY_UNSPECIFIED;
  }
}

}  // namespace cityinfo::gateway
