#include "services/metrics/cache/redis_metric_cache.h"

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "services/metrics/cache/redis_latency.h"

namespace cityinfo::metrics {
namespace {

// A refusal (another type under the key, out of memory) is an answer: Redis is there.
bool CountsAsFailure(const absl::Status& status) {
  return !status.ok() && !absl::IsFailedPrecondition(status);
}

}  // namespace

RedisMetricCache::RedisMetricCache(redis::Client& client, telemetry::Metrics& metrics,
                                   const Options& options, const base::Clock& clock)
    : client_(client),
      options_(options),
      breaker_(options.breaker, clock),
      skipped_(metrics.GetCounter("cityinfo_metrics_cache_redis_skipped_total",
                                  "Lookups not made because Redis was known to be away.")),
      failed_(metrics.GetCounter("cityinfo_metrics_cache_redis_failed_total",
                                 "Lookups that got no answer in time.")),
      latency_(metrics.GetHistogram("cityinfo_metrics_cache_redis_get_seconds",
                                    "Time a lookup in Redis took, answered or not.", {},
                                    RedisLatencyBuckets())) {}

std::optional<EncodedAnswer> RedisMetricCache::Get(absl::string_view key) {
  if (client_.state() != redis::State::kConnected || !breaker_.Allow()) {
    skipped_.Increment();
    return std::nullopt;
  }
  const std::string redis_key = RedisKey(key);
  const absl::Time start = absl::Now();
  absl::StatusOr<std::optional<std::string>> reply =
      client_.Get(redis_key, start + options_.get_timeout);
  latency_.Observe(absl::ToDoubleSeconds(absl::Now() - start));
  if (CountsAsFailure(reply.status())) {
    breaker_.RecordFailure();
    failed_.Increment();
    return std::nullopt;
  }
  breaker_.RecordSuccess();
  if (!reply.ok() || !reply->has_value()) return std::nullopt;
  return std::make_shared<const std::string>(**std::move(reply));
}

void RedisMetricCache::Put(absl::string_view key, EncodedAnswer answer) {
  if (answer->size() > options_.max_answer_bytes) return;
  if (client_.state() != redis::State::kConnected) return;
  if (breaker_.state() == concurrency::CircuitBreaker::State::kOpen) return;
  const std::string redis_key = RedisKey(key);
  client_.SetInBackground(redis_key, *answer, TimeToLive(redis_key, answer->empty()));
}

std::string RedisMetricCache::RedisKey(absl::string_view key) {
  return absl::StrCat("cityinfo:metrics:", base::Sha256Hex(key));
}

absl::Duration RedisMetricCache::TimeToLive(absl::string_view redis_key, bool empty) const {
  // Taken from the key: as good as chance here, and needs no shared generator.
  constexpr uint64_t kSteps = 1 << 16;
  const double part =
      static_cast<double>(base::Fingerprint64(redis_key) % kSteps) / static_cast<double>(kSteps);
  return (empty ? options_.empty_ttl : options_.ttl) * (1 - options_.ttl_jitter * part);
}

void ReportBreaker(const RedisMetricCache& cache, telemetry::Metrics& metrics) {
  using State = concurrency::CircuitBreaker::State;
  for (const auto& [state, name] : {std::pair{State::kClosed, "closed"},
                                    {State::kHalfOpen, "half_open"},
                                    {State::kOpen, "open"}}) {
    telemetry::Gauge& gauge = metrics.GetGauge(
        "cityinfo_metrics_cache_redis_breaker",
        "1 for the state that the circuit breaker before Redis is in.", {{"state", name}});
    metrics.OnRender(
        [&cache, &gauge, state = state] { gauge.Set(cache.breaker_state() == state ? 1 : 0); });
  }
}

}  // namespace cityinfo::metrics
