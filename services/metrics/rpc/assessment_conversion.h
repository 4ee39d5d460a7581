#pragma once

#include <optional>

#include "cityinfo/metrics/v1/observation.pb.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/conflict.h"
#include "services/metrics/domain/plausibility.h"
#include "services/metrics/domain/progress.h"

namespace cityinfo::metrics {

// What assessments found, as messages of the contract. Pure functions.

v1::Progress ToProto(const Progress& progress, const Catalogue& catalogue);
v1::Conflict ToProto(const Conflict& conflict, const Catalogue& catalogue);
v1::PlausibilityFinding ToProto(const PlausibilityFinding& finding, const Catalogue& catalogue);

// Nothing for UNSPECIFIED and for numbers the contract does not know. An int, as repeated fields of
// enums hold.
std::optional<PlausibilityRule> FromProto(int rule);

}  // namespace cityinfo::metrics
