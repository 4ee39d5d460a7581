#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "platform/concurrency/lru_cache.h"
#include "platform/telemetry/metrics.h"
#include "services/metrics/domain/data_versions.h"
#include "services/metrics/domain/metric_cache.h"
#include "services/metrics/domain/ready_answers.h"

namespace cityinfo::metrics {

// Ready answers out of the cache inside the process. It keeps no answers: it knows which question
// the bytes of a request ask, and looks the answer up as CachingMetricReader does. So it gives the
// same bytes, and none that is older:
//
//   * What the bytes of a request ask never changes: reading a request depends on its bytes and on
//     the catalogue alone, which is fixed while the process lives. (An `as_of` must not lie in the
//     future; once it does not, it never does again, and only requests that were answered are
//     remembered.)
//   * The versions are taken when it is asked, after the request has arrived, and the key is made
//     of them. A write that was acknowledged before has advanced them, so it has changed the key.
//   * What CachingMetricReader asks the store's versions for is left to it: `strong` questions are
//     not remembered, and a page whose predecessor was `seen` in a state this process has not heard
//     of yet is not found.
//
// Bounded in bytes; what was least recently asked is forgotten.
class CachedReadyAnswers final : public ReadyAnswers {
 public:
  struct Options {
    std::string data_set;                  // as CachingMetricReader::Options
    std::size_t max_bytes = 4 << 20;       // of requests, questions and bookkeeping
    std::size_t max_request_bytes = 4096;  // a longer request is not remembered
  };

  // `memory` is CachingMetricReader's. Owns none of them; they must outlive it.
  CachedReadyAnswers(const DataVersions& versions, MetricCache& memory, telemetry::Metrics& metrics,
                     Options options);

  EncodedAnswer Find(absl::string_view request) override;
  void Remember(absl::string_view request, const ObservationQuery& query) override;

 private:
  // What of a query its key needs, and what it must have seen.
  struct Question {
    std::vector<std::string> indicators;
    std::string text;
    std::int64_t seen = 0;
  };

  const DataVersions& versions_;
  MetricCache& memory_;
  const Options options_;
  telemetry::Counter& hits_;
  concurrency::LruCache<Question> questions_;
};

}  // namespace cityinfo::metrics
