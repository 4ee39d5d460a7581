#pragma once

#include "absl/status/statusor.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/domain/observation_query.h"

namespace cityinfo::metrics {

// Answers one query inside a read transaction that the caller holds: one statement for the page,
// one for what backs it, and one more when another page follows, however many rows there are.
// Values to compute: see computed_observation_reader.h.
absl::StatusOr<ObservationPage> ReadObservations(sql::Connection& connection,
                                                 const ObservationQuery& query);

}  // namespace cityinfo::metrics
