#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/rpc/request_context.h"
#include "platform/rpc/server_reader.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// Bad rows, and changes, that an import's answer tells one by one; further ones are counted.
inline constexpr int kMaxImportErrors = 1000;
inline constexpr int kMaxImportEdits = 1000;

// ImportObservations: values from a stream. Holds one part and the answer so far. Thread-safe;
// `store` and `catalogue` must outlive it.
class ImportHandler {
 public:
  ImportHandler(MetricStore& store, const Catalogue& catalogue)
      : store_(store), catalogue_(catalogue) {}

  absl::StatusOr<v1::ImportObservationsResponse> ImportObservations(
      const rpc::RequestContext& context, rpc::ServerReader<v1::ImportObservationsRequest>& reader);

 private:
  MetricStore& store_;
  const Catalogue& catalogue_;
};

}  // namespace cityinfo::metrics
