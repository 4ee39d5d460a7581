#pragma once

#include "absl/status/statusor.h"
#include "cityinfo/articles/v1/article.pb.h"
#include "cityinfo/gateway/v1/city_service.pb.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"

namespace cityinfo::gateway {

// What the services answered.
struct ArticleParts {
  absl::StatusOr<articles::v1::Article> article;
  absl::StatusOr<metrics::v1::ListFiguresResponse> figures;
};

// Puts an article and its figures together. Figures are kept whose quote stands at its place in
// this revision's text; the harvest may be a moment behind, or an older revision have been asked
// for. Fails only when the article does.
absl::StatusOr<v1::ArticlePage> ComposeArticlePage(ArticleParts parts);

}  // namespace cityinfo::gateway
