#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/domain/observation_query.h"
#include "services/metrics/domain/store_metric_reader.h"

namespace cityinfo::metrics {

// Makes a page of observations a serialised v1.QueryObservationsResponse, next_page_token included.
// The catalogue must outlive the encoder.
ObservationEncoder MakeObservationEncoder(const Catalogue& catalogue);

// A page token says behind which key the next page begins and which change the page before had
// seen; it is bound to the query's filters.
std::string ObservationPageToken(const ObservationQuery& query, const ObservationKey& last,
                                 std::int64_t seen);
// Fills `after` and `seen` of the query it came with.
absl::Status ReadObservationPageToken(const std::string& token, ObservationQuery& query);

}  // namespace cityinfo::metrics
