#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/observation.h"

namespace cityinfo::metrics {

// Answers MetricStore::ListSupersededTargets inside a read transaction that the caller holds: two
// statements.
absl::StatusOr<std::vector<Observation>> ReadSupersededTargets(
    sql::Connection& connection, const std::vector<std::string>& indicators,
    const std::vector<std::string>& places, int limit);

}  // namespace cityinfo::metrics
