#pragma once

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "platform/base/date.h"
#include "services/metrics/domain/observation.h"
#include "services/metrics/domain/revision_stage.h"
#include "services/metrics/domain/stated_value.h"
#include "services/metrics/domain/superseded_reason.h"

namespace cityinfo::metrics {

// A statement that backs one key now: a figure of a public article, or a loaded value.
struct BackingStatement {
  std::int64_t id = 0;  // the store's
  StatedValue value;
  base::Date publish_date;
  absl::Time learned_at;  // when the platform learned this value from this place
  double confidence = 1;
  int ordinal = 0;  // where it stands among those of the same article
  RevisionStage stage = RevisionStage::kNone;
  bool vouched_for = false;  // a data officer confirmed or amended it
};

// One vintage that should stand for the key.
struct ChosenVintage {
  StatedValue value;
  base::Date publish_date;
  std::vector<std::int64_t> statements;  // that say so, in the order of publish_date
  RevisionStage stage = RevisionStage::kNone;
};

// The rule which value an observation has. Of the statements published on one day that of the
// latest round of accounting wins (one that names no round counts as preliminary); then one that a
// data officer vouches for; then the one learned last; of those learned at the same moment the
// surest, then the one that stands first.
//
// Day by day, a winner that says the same as the vintage before it backs that vintage, unless it
// names a later round than before; then, as with another value, it begins a new one. But a value
// that is outdated begins none: one that names an earlier round than has been published before,
// or that names none and only repeats what stood before a later round came out. Losers back nothing
// (ListConflicts shows them).
//
// The result is in the order of publish_date, one per date at most: what counts on a day is the
// last one published up to it, and nothing in it comes from a later publication, so the same list
// answers every `published_as_of`. A pure function: the order of `statements` does not matter.
std::vector<ChosenVintage> ChooseVintages(std::vector<BackingStatement> statements);

// The rule in words, for people.
inline constexpr char kVintageRule[] =
    "the newest publish date wins, but a value of an earlier round of accounting never replaces "
    "one of a later round; of one day, the latest round, then what a data officer confirmed or "
    "amended, then the value recorded last; of one article, the surest";

// Why a vintage chosen before, whose statements all still stand, is no longer among `chosen`: by
// what the one that has outdone it says.
SupersededReason WhyOutdone(const ChosenVintage& before, const std::vector<ChosenVintage>& chosen);

// Says of every vintage of one observation when and why a newer one took its place. Those that were
// ended carry it already; those that stand give their place to the standing one published next,
// from the moment the platform knew both. In any order.
void MarkReplaced(std::vector<Vintage>& history);

}  // namespace cityinfo::metrics
