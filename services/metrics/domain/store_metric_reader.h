#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/metrics/domain/metric_reader.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// Serialises the answer to `query`. A pure function: equal arguments give equal bytes.
using ObservationEncoder = std::function<absl::StatusOr<std::string>(const ObservationQuery& query,
                                                                     const ObservationPage& page)>;

// The reader without a cache: asks the store, encodes the answer. Owns neither; thread-safe as they
// are.
class StoreMetricReader : public MetricReader {
 public:
  StoreMetricReader(MetricStore& store, ObservationEncoder encoder);

  absl::StatusOr<EncodedAnswer> QueryObservations(const ObservationQuery& query,
                                                  absl::Time deadline) override;

 private:
  MetricStore& store_;
  const ObservationEncoder encoder_;
};

}  // namespace cityinfo::metrics
