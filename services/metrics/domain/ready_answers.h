#pragma once

#include "absl/strings/string_view.h"
#include "services/metrics/domain/encoded_answer.h"
#include "services/metrics/domain/observation_query.h"

namespace cityinfo::metrics {

// Answers that are at hand for requests that were answered before, found by the bytes of the
// request: nothing is parsed. Implementations are thread-safe and never wait for anything but a
// short lock, so that a thread which moves bytes may ask.
class ReadyAnswers {
 public:
  virtual ~ReadyAnswers() = default;

  // What MetricReader would answer now; null when that takes work.
  virtual EncodedAnswer Find(absl::string_view request) = 0;

  // `request`, any serialised form of it, asks `query`, which was read from it, normalised, and
  // answered. A `strong` one is not taken.
  virtual void Remember(absl::string_view request, const ObservationQuery& query) = 0;
};

}  // namespace cityinfo::metrics
