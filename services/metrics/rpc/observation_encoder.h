#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/domain/observation_query.h"
#include "services/metrics/domain/store_metric_reader.h"

namespace cityinfo::metrics {

// Makes a page of observations a serialised v1.QueryObservationsResponse, next_page_token included.
// The catalogue must outlive the encoder.
ObservationEncoder MakeObservationEncoder(const Catalogue& catalogue);

// What the page tokens of a query are bound to, and the position inside one.
std::string ObservationPageToken(const ObservationQuery& query, const ObservationKey& last);
absl::StatusOr<ObservationKey> ReadObservationPageToken(const ObservationQuery& query,
                                                        const std::string& token);

}  // namespace cityinfo::metrics
