#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cityinfo/gateway/v1/city_service.pb.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"

namespace cityinfo::gateway {

// What the metrics service answered, one part per call.
struct IndicatorParts {
  absl::StatusOr<metrics::v1::Indicator> indicator;
  absl::StatusOr<metrics::v1::Place> place;
  // Of the place: years and halves, and everything shorter.
  absl::StatusOr<std::vector<metrics::v1::Observation>> years;
  absl::StatusOr<std::vector<metrics::v1::Observation>> shorter;
  absl::StatusOr<metrics::v1::ListProgressResponse> progress;
  absl::StatusOr<metrics::v1::ListPlausibilityFindingsResponse> findings;
  // Of the parts of the place.
  absl::StatusOr<std::vector<metrics::v1::Observation>> parts;
};

// Puts an indicator's screen together. A part that failed leaves its section empty, or as far as it
// goes, and marked. Fails when the indicator does; with the place's error when there is no such
// place; INVALID_ARGUMENT (as_of) when the series cannot be asked for.
absl::StatusOr<v1::IndicatorPage> ComposeIndicatorPage(const std::string& place,
                                                       IndicatorParts parts);

}  // namespace cityinfo::gateway
