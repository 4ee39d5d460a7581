#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/observation_query.h"

namespace cityinfo::metrics {

// Checks and reads requests about observations. Errors are INVALID_ARGUMENT naming the field.

// Normalised.
absl::StatusOr<ObservationQuery> ReadQuery(const v1::QueryObservationsRequest& request,
                                           const Catalogue& catalogue);

}  // namespace cityinfo::metrics
