#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/domain/observation_query.h"

namespace cityinfo::metrics {

// Reading what an assessment is made of. Everything that stands now, and not more than the bounds
// below: RESOURCE_EXHAUSTED (TOO_MANY_OBSERVATIONS) beyond them.

inline constexpr size_t kMaxAssessedObservations = 20'000;
inline constexpr size_t kMaxAssessedTargets = 2'000;
inline constexpr size_t kMaxReadObservations = 100'000;  // those not wanted included

// All observations of a query that `wanted` keeps, page after page.
absl::StatusOr<std::vector<Observation>> ReadAssessed(
    MetricStore& store, ObservationQuery query, size_t limit,
    const std::function<bool(const Observation&)>& wanted, absl::Time deadline);

// The actuals that these targets may be held against: of the same indicators and places, of the
// targets' measures and kinds of periods, and the levels of years that growth begins from.
absl::StatusOr<std::vector<Observation>> ReadActualsFor(MetricStore& store,
                                                        const std::vector<Observation>& targets,
                                                        absl::Time deadline);

// `indicators` and those they add up with: their wholes, the parts of these, and their own parts.
// Sorted; empty when `indicators` is, which means all.
std::vector<std::string> WithRelations(const std::vector<std::string>& indicators,
                                       const Catalogue& catalogue);

}  // namespace cityinfo::metrics
