#pragma once

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "platform/base/date.h"
#include "services/metrics/domain/stated_value.h"

namespace cityinfo::metrics {

// A statement that backs one key now: a figure of a public article, or a loaded value.
struct BackingStatement {
  std::int64_t id = 0;  // the store's
  StatedValue value;
  base::Date publish_date;
  absl::Time learned_at;  // when the platform learned this value from this place
  double confidence = 1;
  int ordinal = 0;  // where it stands among those of the same article
};

// One vintage that should stand for the key.
struct ChosenVintage {
  StatedValue value;
  base::Date publish_date;
  std::vector<std::int64_t> statements;  // that say so, in the order of publish_date
};

// The rule which value an observation has. Of the statements published on one day the one learned
// last wins; of those learned at the same moment the surest, then the one that stands first. A
// day's winner that says the same as the day's before it backs that vintage; another value begins a
// new one. Losers back nothing (ListConflicts shows them).
//
// The result is in the order of publish_date, one per date at most: what counts on a day is the
// last one published up to it, so the same list answers every `published_as_of`. A pure function:
// the order of `statements` does not matter.
std::vector<ChosenVintage> ChooseVintages(std::vector<BackingStatement> statements);

// The rule in words, for people.
inline constexpr char kVintageRule[] =
    "the newest publish date wins; of one day, the value recorded last; of one article, the surest";

}  // namespace cityinfo::metrics
