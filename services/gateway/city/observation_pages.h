#pragma once

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "services/gateway/upstream/call_context.h"
#include "services/gateway/upstream/upstream.h"

namespace cityinfo::gateway {

using ObservationsCallback =
    std::function<void(absl::StatusOr<std::vector<metrics::v1::Observation>>)>;

// Asks for observations page after page until there are no more or `limit` is reached; all pages
// within the one deadline of `context`. `callback` runs exactly once, on a thread of gRPC's or on
// this one. `metrics` must outlive it.
void FetchObservations(Upstream& metrics, const CallContext& context,
                       metrics::v1::QueryObservationsRequest request, size_t limit,
                       ObservationsCallback callback);

}  // namespace cityinfo::gateway
