#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/metrics/domain/measure.h"
#include "services/metrics/domain/observation.h"
#include "services/metrics/domain/stated_value.h"

namespace cityinfo::metrics {

// One key about which sources disagree.
struct Conflict {
  Observation preferred;  // what the platform answers; see vintage_choice.h
  // What contradicts it, one per value, newest publish_date first. Each cites all articles that
  // say so; `source` names the loaded files that do, separated by "; ".
  std::vector<Observation> others;
};

// A question for conflicts, in the order of keys. Empty filters are none.
struct ConflictQuery {
  static constexpr int kDefaultPageSize = 100;
  static constexpr int kMaxPageSize = 500;

  std::vector<std::string> indicators;
  std::vector<std::string> places;
  int page_size = kDefaultPageSize;
  std::optional<ObservationKey> after;  // where the page before ended
};

struct ConflictPage {
  std::vector<Conflict> conflicts;
  // Where the next page begins; nothing at the end. A page may be short, even empty, before the
  // end: looking for conflicts is bounded too.
  std::optional<ObservationKey> next;
};

// Whether two statements about one key cannot both be right, read as widely as their words allow:
//
//   EXACT     the number, and what rounds to it with as many digits as were printed: 281.76亿元 is
//             no contradiction of 281.8亿元, 281.7亿元 is. Equally many digits leave nothing open.
//   ABOUT     within 1 % of the number besides.
//   AT_LEAST, OVER, AT_MOST   everything on that side of the number, and what rounds to it.
//   RANGE     everything between both ends, and what rounds to them.
//
// That is of results. Of promises and forecasts the words are the content: they agree when the
// numbers agree up to rounding and both or none are a range. Different units always contradict.
// Exact; symmetric; not transitive.
bool Contradict(Kind kind, const StatedValue& a, const StatedValue& b);

}  // namespace cityinfo::metrics
