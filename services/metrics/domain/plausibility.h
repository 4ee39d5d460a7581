#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/observation.h"

namespace cityinfo::metrics {

// Which check found something. The order is that of the findings.
enum class PlausibilityRule {
  kShareOutOfRange = 1,
  kPartsDoNotAddUp = 2,
  kGrowthContradictsLevels = 3,
  kPowerOfTen = 4,
};

// The names of the contract ("PARTS_DO_NOT_ADD_UP"); static storage.
absl::string_view ToString(PlausibilityRule rule);

// Something in published values that cannot well be so.
struct PlausibilityFinding {
  PlausibilityRule rule = PlausibilityRule::kShareOutOfRange;
  Observation observation;            // the one in question
  std::vector<Observation> compared;  // what it was held against
  std::string message;                // in Chinese, with the numbers
  std::string expected;               // the one value that would fit; empty when there is none
};

// Slack beyond the rounding of what was printed, in percentage points, for a published growth
// beside the levels of both years. The level of the year before is often corrected a little before
// growth is computed from it; prices and scopes make more of a difference.
inline constexpr char kGrowthSlack[] = "0.5";
inline constexpr char kGrowthSlackOfOtherBasis[] = "15";

// Checks what stands now; flags and never changes a value. `observations` may be of any keys and in
// any order, one for each key. Only values stated EXACT take part, but in the first rule.
//
//   SHARE_OUT_OF_RANGE        a SHARE over 100 % (1,000 ‰) or below 0. What the catalogue says may
//                             leave these bounds (gross enrolment, natural growth) may.
//   PARTS_DO_NOT_ADD_UP       for relations of the catalogue (Indicator::parts), place, kind and
//                             period: the LEVEL of the whole differs from the sum of all its parts,
//                             or is less than the sum of those known, by more than the halves of
//                             the last printed digits of all numbers together. Where the parts'
//                             shares are of this whole: the same of their SHAREs and 100 %.
//   GROWTH_CONTRADICTS_LEVELS an actual YOY_GROWTH of g % beside the actual LEVELs of its period
//   (b)
//                             and of the same period a year before (a), both over 0: no numbers
//                             that round to what was printed satisfy |(b / a - 1) * 100 - g| <=
//                             slack; kGrowthSlack for growth at current prices,
//                             kGrowthSlackOfOtherBasis where the catalogue says that growth is at
//                             constant prices or of a comparable scope. Indexes have no such
//                             levels.
//   POWER_OF_TEN              an actual LEVEL v in a series of periods of one kind, at most three
//                             years from neighbour to neighbour: a k other than 0 makes v / 10^k
//                             lie within a factor of 2 of the neighbour before and the one after,
//                             or at an end of the series of the two next to it, while these lie
//                             within a factor of 2.5 of each other. In a series of two: the newer
//                             one, for k of 3 or more either way.
//
// Exact in sums and growth; ratios of the last rule are doubles. Ordered by rule, then by key of
// the observation, at most one of a rule and a key. O(n log n). A pure function.
std::vector<PlausibilityFinding> FindImplausible(const std::vector<Observation>& observations,
                                                 const Catalogue& catalogue);

}  // namespace cityinfo::metrics
