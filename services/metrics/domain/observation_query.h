#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "platform/base/date.h"
#include "services/metrics/domain/granularity.h"
#include "services/metrics/domain/measure.h"
#include "services/metrics/domain/observation.h"
#include "services/metrics/domain/period.h"
#include "services/metrics/domain/units.h"

namespace cityinfo::metrics {

// A code that no place has: the filter of a question about the parts of places that have none.
inline constexpr char kNoPlace[] = "-";

// A question for observations. The filters are ANDed, the values of one are ORed, an empty one is
// none.
//
// A range of periods is a range of days in which a period must end: from the first day of
// `period_from` to the last day of `period_to`. So periods of all kinds compare: "2021" holds its
// quarters, months and 1—9月, and the span 2016/2020 ends in 2020. A bound that is a span stands
// for all of it: from "2016/2020" is from 2016-01-01 on.
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
  std::vector<Granularity> granularities;     // kinds of periods
  // Anything but kLin: not the published levels that the filters name but what is computed of each,
  // where it can be (see units.h). `last_n` counts published periods. Measures and kinds must be
  // LEVEL and ACTUAL alone.
  Units units = Units::kLin;
  std::optional<Period> index_period;  // with kNbd, and only then

  int page_size = kDefaultPageSize;
  std::optional<ObservationKey> after;  // where the page before ended

  // The answer must not be older than the last acknowledged write on any replica. Changes which
  // answer is right, never what the question is, so it is no part of the texts below.
  bool strong = false;
  // A change of this service's feed that the answer must have seen, because the asker has: the page
  // before showed it. Like `strong` no part of the texts below.
  std::int64_t seen = 0;

  // Sorts the filters and drops repeated values: equal questions become equal values. `last_n`
  // without kinds asks for ACTUAL: the latest value of an indicator is never a promise.
  void Normalize();

  // One text per question, for cache keys: equal for equal normalised queries, different for others
  // (every field but `strong` and `seen`, in a fixed order, with lengths that keep fields apart).
  // Normalise first.
  std::string CanonicalText() const;

  // The same without page_size and `after`: what a page token is bound to.
  std::string FilterText() const;
};

}  // namespace cityinfo::metrics
