#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "platform/base/date.h"
#include "services/metrics/domain/measure.h"
#include "services/metrics/domain/observation.h"
#include "services/metrics/domain/period.h"

namespace cityinfo::metrics {

// A question for observations. The filters are ANDed, the values of one are ORed, an empty one is
// none.
struct ObservationQuery {
  static constexpr int kDefaultPageSize = 100;
  static constexpr int kMaxPageSize = 1000;
  static constexpr int kMaxFilterValues = 50;

  std::vector<std::string> indicators;
  std::vector<std::string> places;
  std::vector<Measure> measures;
  std::vector<Kind> kinds;
  std::optional<Period> period_from;          // only periods that end in this one or later
  std::optional<Period> period_to;            // only periods that end in this one or earlier
  int last_n = 0;                             // only the newest n periods of each series; 0 is all
  std::optional<absl::Time> as_of;            // as the platform knew at this moment, to the µs
  std::optional<base::Date> published_as_of;  // with what had been published up to this day

  int page_size = kDefaultPageSize;
  std::optional<ObservationKey> after;  // where the page before ended

  // The answer must not be older than the last acknowledged write on any replica. Changes which
  // answer is right, never what the question is, so it is no part of the texts below.
  bool strong = false;
  // A change of this service's feed that the answer must have seen, because the asker has: the page
  // before showed it. Like `strong` no part of the texts below.
  std::int64_t seen = 0;

  // Sorts the filters and drops repeated values: equal questions become equal values.
  void Normalize();

  // One text per question, for cache keys: equal for equal normalised queries, different for others
  // (every field but `strong` and `seen`, in a fixed order, with lengths that keep fields apart).
  // Normalise first.
  std::string CanonicalText() const;

  // The same without page_size and `after`: what a page token is bound to.
  std::string FilterText() const;
};

}  // namespace cityinfo::metrics
