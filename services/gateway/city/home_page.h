#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "cityinfo/gateway/v1/city_service.pb.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"

namespace cityinfo::gateway {

// What the services answered, one per section.
struct HomeParts {
  absl::StatusOr<articles::v1::ListArticlesResponse> articles;
  absl::StatusOr<metrics::v1::QueryObservationsResponse> observations;
  absl::StatusOr<metrics::v1::ListProgressResponse> progress;
};

// Puts a city's first screen together. `headline_indicators` gives the headlines' order; one
// without an actual value is left out. A part that failed leaves its section empty and marked.
// UNAVAILABLE when all failed; INVALID_ARGUMENT (place) when a service does not know the place.
absl::StatusOr<v1::HomePage> ComposeHomePage(const std::string& place,
                                             const std::vector<std::string>& headline_indicators,
                                             HomeParts parts);

}  // namespace cityinfo::gateway
