#pragma once

#include <optional>

#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/decimal.h"
#include "services/metrics/domain/observation.h"

namespace cityinfo::metrics {

// Which way a promise points. The meanings are those of the contract (TargetDirection).
enum class TargetDirection {
  kReachAtLeast,  // reach the value or more
  kStayAtMost,    // stay at it or below
  kComeNear,      // come close to it, or past it on the better side
  kStayBetween,   // lie between both ends
};

// The numbers that keep a promise.
struct TargetBounds {
  TargetDirection direction = TargetDirection::kReachAtLeast;
  std::optional<Decimal> low;   // at least one of both is there
  std::optional<Decimal> high;  //
  bool over_low = false;        // `low` itself is not enough
  bool under_high = false;      // `high` itself is too much

  // Exact.
  bool Below(const Decimal& value) const;  // under `low`
  bool Above(const Decimal& value) const;  // over `high`
  bool Hold(const Decimal& value) const { return !Below(value) && !Above(value); }
};

// The direction follows from the bound word and, where there is none, from the indicator. The first
// that fits:
//
//   1. RANK: STAY_AT_MOST; a smaller place is better.
//   2. RANGE: STAY_BETWEEN, both ends included.
//   3. ABOUT: COME_NEAR. Within 0.5 of values in % or ‰, within 1 % of all others, and anything
//      better: `high` where less is better, `low` elsewhere.
//   4. A growth or change below 0 ("下降3%以上") is a fall of that size: AT_MOST is REACH_AT_LEAST
//      ("降幅不超过3%"), everything else STAY_AT_MOST; OVER means under the value.
//   5. AT_LEAST and OVER: REACH_AT_LEAST; OVER means over the value. AT_MOST: STAY_AT_MOST.
//   6. No word: STAY_AT_MOST where the catalogue says that less is better (assessment.tsv: rates of
//      unemployment, energy intensity), REACH_AT_LEAST elsewhere.
//
// `indicator` is the target's, null when the catalogue does not know it. Nothing when a number of
// the target cannot be read.
std::optional<TargetBounds> BoundsOf(const Observation& target, const Indicator* indicator);

}  // namespace cityinfo::metrics
