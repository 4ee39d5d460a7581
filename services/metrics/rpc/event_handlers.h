#pragma once

#include "absl/status/statusor.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/rpc/request_context.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// The rpc about events. Thread-safe; owns nothing.
class EventHandlers {
 public:
  EventHandlers(MetricStore& store, const Catalogue& catalogue)
      : store_(store), catalogue_(catalogue) {}

  absl::StatusOr<v1::ListEventsResponse> ListEvents(const rpc::RequestContext& context,
                                                    const v1::ListEventsRequest& request);

 private:
  MetricStore& store_;
  const Catalogue& catalogue_;
};

}  // namespace cityinfo::metrics
