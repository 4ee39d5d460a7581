#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// Answers MetricStore::ListConflicts inside a read transaction that the caller holds: two
// statements.
absl::StatusOr<std::vector<Conflict>> ReadConflicts(sql::Connection& connection,
                                                    const std::vector<std::string>& indicators,
                                                    const std::vector<std::string>& places,
                                                    const std::optional<ObservationKey>& after,
                                                    int limit);

}  // namespace cityinfo::metrics
