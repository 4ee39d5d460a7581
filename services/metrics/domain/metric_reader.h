#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/metrics/domain/encoded_answer.h"
#include "services/metrics/domain/observation_query.h"

namespace cityinfo::metrics {

// The read port that can be decorated with a cache: answers as the bytes that go to the caller.
// Implementations are thread-safe.
class MetricReader {
 public:
  virtual ~MetricReader() = default;

  // `query` must be normalised. Equal questions on equal data give equal bytes. Fails with
  // DEADLINE_EXCEEDED when `deadline` passes first, or as MetricStore::QueryObservations.
  virtual absl::StatusOr<EncodedAnswer> QueryObservations(const ObservationQuery& query,
                                                          absl::Time deadline) = 0;
};

}  // namespace cityinfo::metrics
