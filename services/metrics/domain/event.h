#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "platform/base/date.h"
#include "services/metrics/domain/citation.h"
#include "services/metrics/domain/extraction/date_precision.h"

namespace cityinfo::metrics {

// A dated event that a sentence of an article tells. A plain value.
struct Event {
  // Stays with the event while its sentence stands; see AssignEventIds. Empty until then.
  std::string id;

  // The day it happened or is to happen. Month and day are 0 where `precision` says that they are
  // not known.
  base::Date date;
  std::optional<base::Date> end_date;  // the last day of what lasts longer, as precise as `date`
  DatePrecision precision = DatePrecision::kDay;
  std::string place;     // GB/T 2260; "" when the sentence names a place nobody knows
  std::string summary;   // what happened: the clause without its date
  bool planned = false;  // it lay ahead when the article was published, or is said as a plan
  Citation citation;     // value_start and value_end are the date's

  friend bool operator==(const Event& a, const Event& b) = default;
};

// The first and the last day that an event may have been on: of 2021年9月, the 1st and the 30th.
base::Date FirstDay(const Event& event);
base::Date LastDay(const Event& event);

// Gives every event of one article revision its id: a digest of article, sentence, date as printed
// and the how-manieth of its like it is. White space does not count, nor where the sentence stands.
// `events` must be all events of the revision, in the order they stand.
void AssignEventIds(absl::string_view article, std::vector<Event>& events);

}  // namespace cityinfo::metrics
