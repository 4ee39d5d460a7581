#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/redis/client.h"
#include "platform/telemetry/metrics.h"
#include "services/metrics/cache/caching_metric_reader.h"
#include "services/metrics/cache/memory_metric_cache.h"
#include "services/metrics/cache/redis_metric_cache.h"
#include "services/metrics/domain/data_versions.h"

namespace cityinfo::metrics {

inline constexpr int kQuestions = 40;

inline ObservationQuery Question(int number) {
  ObservationQuery query;
  query.indicators = {"gdp"};
  query.places = {absl::StrCat(520000 + number)};
  query.Normalize();
  return query;
}

// Answers every question with bytes made of the question and the state of the data.
class UncachedReader final : public MetricReader {
 public:
  absl::StatusOr<EncodedAnswer> QueryObservations(const ObservationQuery& query,
                                                  absl::Time) override {
    ++reads;
    return std::make_shared<const std::string>(
        absl::StrCat(query.CanonicalText(), std::string(2000, '\0'), state.load()));
  }
  std::atomic<int> reads = 0;
  std::atomic<int> state = 1;
};

// One replica, newly started: its memory is cold.
class Replica {
 public:
  Replica(UncachedReader& source, DataVersions& versions, redis::Client& client)
      : shared_(client, metrics_, {.get_timeout = absl::Milliseconds(50)}),
        reader_(source, versions, [](absl::Time) { return absl::OkStatus(); }, memory_, &shared_,
                metrics_, {.data_set = "city"}) {}

  absl::StatusOr<EncodedAnswer> Ask(int question) {
    return reader_.QueryObservations(Question(question), absl::Now() + absl::Seconds(10));
  }
  double RedisHits() {
    return metrics_.GetCounter("cityinfo_metrics_cache_hits_total", "", {{"level", "redis"}})
        .Value();
  }

 private:
  telemetry::Metrics metrics_;
  MemoryMetricCache memory_{{}};
  RedisMetricCache shared_;
  CachingMetricReader reader_;
};

}  // namespace cityinfo::metrics
