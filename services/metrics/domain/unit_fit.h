#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/measure.h"

namespace cityinfo::metrics {

// Whether a figure read in this unit may back an observation of the indicator: a LEVEL must be in
// its base unit, a growth rate in percent. Anything else has no one unit to compare with.
bool UnitFits(const Indicator& indicator, Measure measure, absl::string_view unit);

// The base units in which a person may state the measure: of a LEVEL the indicator's own, of growth
// "%", and so on. Never empty.
std::vector<std::string> UnitsOf(const Indicator& indicator, Measure measure);

}  // namespace cityinfo::metrics
