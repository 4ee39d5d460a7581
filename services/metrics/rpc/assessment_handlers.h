#pragma once

#include "absl/status/statusor.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/rpc/request_context.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// The rpcs that hold observations against each other: promises against results, sources against
// sources, values against what can be. Each answer is made of a bounded number of observations.
// Thread-safe; owns nothing.
class AssessmentHandlers {
 public:
  AssessmentHandlers(MetricStore& store, const Catalogue& catalogue)
      : store_(store), catalogue_(catalogue) {}

  absl::StatusOr<v1::ListProgressResponse> ListProgress(const rpc::RequestContext& context,
                                                        const v1::ListProgressRequest& request);
  absl::StatusOr<v1::ListConflictsResponse> ListConflicts(const rpc::RequestContext& context,
                                                          const v1::ListConflictsRequest& request);
  absl::StatusOr<v1::ListPlausibilityFindingsResponse> ListPlausibilityFindings(
      const rpc::RequestContext& context, const v1::ListPlausibilityFindingsRequest& request);

 private:
  MetricStore& store_;
  const Catalogue& catalogue_;
};

}  // namespace cityinfo::metrics
