#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/rpc/request_context.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/encoded_answer.h"
#include "services/metrics/domain/metric_reader.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// The rpcs about observations and what is made of them. Thread-safe; owns nothing.
class ObservationHandlers {
 public:
  // `reader` answers QueryObservations (a cache may stand in front), `store` the rest.
  ObservationHandlers(MetricStore& store, MetricReader& reader, const Catalogue& catalogue)
      : store_(store), reader_(reader), catalogue_(catalogue) {}

  // The serialised v1.QueryObservationsResponse.
  absl::StatusOr<EncodedAnswer> QueryObservations(const rpc::RequestContext& context,
                                                  const v1::QueryObservationsRequest& request);
  absl::StatusOr<v1::ListVintagesResponse> ListVintages(const rpc::RequestContext& context,
                                                        const v1::ListVintagesRequest& request);
  absl::StatusOr<v1::RecordObservationsResponse> RecordObservations(
      const rpc::RequestContext& context, const v1::RecordObservationsRequest& request);
  absl::StatusOr<v1::ListProgressResponse> ListProgress(const rpc::RequestContext& context,
                                                        const v1::ListProgressRequest& request);
  absl::StatusOr<v1::ListConflictsResponse> ListConflicts(const rpc::RequestContext& context,
                                                          const v1::ListConflictsRequest& request);

 private:
  // All observations of a query, page after page, up to a bound (RESOURCE_EXHAUSTED beyond it).
  absl::StatusOr<std::vector<Observation>> ReadAll(ObservationQuery query, absl::Time deadline);

  MetricStore& store_;
  MetricReader& reader_;
  const Catalogue& catalogue_;
};

}  // namespace cityinfo::metrics
