#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/metrics/domain/observation.h"

namespace cityinfo::metrics {

// Whether `growth` is a promised rate that goes with the promised `level`: of the same indicator
// and place, an average growth over a span of years that ends in the level's year, or the growth of
// that year itself.
bool IsGrowthOf(const Observation& growth, const Observation& level);

// What holding a promised growth against its promised level gave.
struct GrowthCheck {
  std::string note;  // in words, with the numbers
  Observation base;  // the actual level of the year before the growth begins
};

// Whether the growth that leads from the actual level of the year before `growth` begins to the
// promised `level` is the one promised, up to rounding ("about" leaves a point). Nothing when that
// actual is not among `actuals`, or a number is not above 0. `actuals` are of any keys.
std::optional<GrowthCheck> CheckGrowth(const Observation& growth, const Observation& level,
                                       const std::vector<const Observation*>& actuals);

}  // namespace cityinfo::metrics
