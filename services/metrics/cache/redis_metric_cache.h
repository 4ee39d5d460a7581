#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"
#include "platform/concurrency/circuit_breaker.h"
#include "platform/redis/client.h"
#include "platform/telemetry/metrics.h"
#include "services/metrics/domain/metric_cache.h"

namespace cityinfo::metrics {

// The cache that replicas share and that outlives a restart, in Redis.
//
// Get waits `get_timeout` at most, and not at all while Redis is known to be away: a run of late
// replies opens a circuit breaker, and from then on one call now and then finds out whether Redis
// is well again. Put never waits. What comes back is believed only when its seal fits key and bytes
// (the client sees to that); everything else (garbage, a cut value, another type under the key,
// another program's value) is a miss, and the next fill overwrites it. Redis keys are digests, so a
// question of any length has a short key and nobody can make two questions meet. Thread-safe.
class RedisMetricCache final : public MetricCache {
 public:
  struct Options {
    // Well above a healthy reply's time, well below the store's for a large question.
    absl::Duration get_timeout = absl::Milliseconds(5);
    // Entries live for `ttl` less a part of up to `ttl_jitter` of it, different from key to key, so
    // that what was filled together does not expire together. They are immutable: the life span
    // only bounds what Redis keeps of versions nobody asks for any more.
    absl::Duration ttl = absl::Hours(1);
    absl::Duration empty_ttl = absl::Minutes(1);  // of empty answers
    double ttl_jitter = 0.2;
    std::size_t max_answer_bytes = 1 << 20;  // a larger answer is not stored
    concurrency::CircuitBreaker::Options breaker = {
        .failures_to_open = 5,
        .backoff = {.initial = absl::Milliseconds(50), .max = absl::Milliseconds(400)},
        .probe_timeout = absl::Milliseconds(500)};
  };

  // Owns none of them; they must outlive it.
  RedisMetricCache(redis::Client& client, telemetry::Metrics& metrics, const Options& options,
                   const base::Clock& clock = base::SystemClock());

  std::optional<EncodedAnswer> Get(absl::string_view key) override;
  void Put(absl::string_view key, EncodedAnswer answer) override;

  concurrency::CircuitBreaker::State breaker_state() const { return breaker_.state(); }

  // The key in Redis for a key of ours: "cityinfo:metrics:" and 64 hexadecimal digits.
  static std::string RedisKey(absl::string_view key);

 private:
  absl::Duration TimeToLive(absl::string_view redis_key, bool empty) const;

  redis::Client& client_;
  const Options options_;
  concurrency::CircuitBreaker breaker_;
  telemetry::Counter& skipped_;
  telemetry::Counter& failed_;
  telemetry::Histogram& latency_;
};

// Shows what the breaker does: cityinfo_metrics_cache_redis_breaker{state="closed"|"half_open"|
// "open"}, 1 for the state it is in. The cache must outlive the last rendering.
void ReportBreaker(const RedisMetricCache& cache, telemetry::Metrics& metrics);

}  // namespace cityinfo::metrics
