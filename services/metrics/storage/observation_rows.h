#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/observation.h"
#include "services/metrics/domain/observation_query.h"

namespace cityinfo::metrics {

// A published observation without what backs it, and where it lies.
struct ObservationRow {
  std::int64_t series_id = 0;
  std::int64_t vintage_id = 0;
  Observation observation;
};

// The published observations that a query's filters let through, whatever its units, in the order
// of answers: at most page_size + 1 of them, so that the last one says whether there are more. One
// statement.
absl::StatusOr<std::vector<ObservationRow>> ReadObservationRows(sql::Connection& connection,
                                                                const ObservationQuery& query);

}  // namespace cityinfo::metrics
