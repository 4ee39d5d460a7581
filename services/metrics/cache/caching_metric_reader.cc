#include "services/metrics/cache/caching_metric_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/metrics/cache/cache_hits.h"
#include "services/metrics/cache/cache_key.h"

namespace cityinfo::metrics {
namespace {

telemetry::Counter& Fills(telemetry::Metrics& metrics, const char* result) {
  return metrics.GetCounter(
      "cityinfo_metrics_cache_fills_total",
      "Times the store was read to fill a cache: kept, failed, or overtaken by a write.",
      {{"result", result}});
}

}  // namespace

CachingMetricReader::Counters::Counters(telemetry::Metrics& metrics)
    : memory_hits(CacheHits(metrics, CacheLevel::kMemory)),
      shared_hits(CacheHits(metrics, CacheLevel::kRedis)),
      misses(metrics.GetCounter("cityinfo_metrics_cache_misses_total",
                                "Questions no cache could answer.")),
      fills(Fills(metrics, "kept")),
      failed_fills(Fills(metrics, "failed")),
      overtaken_fills(Fills(metrics, "overtaken")),
      shared_waits(metrics.GetCounter("cityinfo_metrics_cache_shared_waits_total",
                                      "Questions answered by waiting for another's fill.")),
      bypasses(metrics.GetCounter("cityinfo_metrics_cache_bypasses_total",
                                  "Strong questions asked of the store without a cache.")) {}

CachingMetricReader::CachingMetricReader(MetricReader& source, const DataVersions& versions,
                                         RefreshVersions refresh, MetricCache& memory,
                                         MetricCache* shared, telemetry::Metrics& metrics,
                                         Options options)
    : source_(source),
      versions_(versions),
      refresh_(std::move(refresh)),
      memory_(memory),
      shared_(shared),
      options_(std::move(options)),
      counters_(metrics) {}

absl::StatusOr<EncodedAnswer> CachingMetricReader::QueryObservations(const ObservationQuery& query,
                                                                     absl::Time deadline) {
  std::vector<DataState> states = versions_.States(query.indicators);
  // The page before came from a replica that has seen more than this one.
  if (query.strong || HasNotSeen(states, query.seen)) {
    if (!refresh_(deadline).ok()) {
      counters_.bypasses.Increment();
      return source_.QueryObservations(query, deadline);
    }
    states = versions_.States(query.indicators);
  }
  const std::string key = CacheKey(options_.data_set, states, query);
  if (std::optional<EncodedAnswer> answer = memory_.Get(key)) {
    counters_.memory_hits.Increment();
    return *std::move(answer);
  }
  bool filled_here = false;
  absl::StatusOr<EncodedAnswer> answer = flights_.Do(key, deadline, [&] {
    filled_here = true;
    return Fill(key, states, query, deadline);
  });
  if (!filled_here) counters_.shared_waits.Increment();
  return answer;
}

absl::StatusOr<EncodedAnswer> CachingMetricReader::Fill(const std::string& key,
                                                        const std::vector<DataState>& states,
                                                        const ObservationQuery& query,
                                                        absl::Time deadline) {
  // Another's fill may have ended between this caller's look and its turn.
  if (std::optional<EncodedAnswer> answer = memory_.Get(key)) {
    counters_.memory_hits.Increment();
    return *std::move(answer);
  }
  if (shared_ != nullptr) {
    if (std::optional<EncodedAnswer> answer = shared_->Get(key)) {
      counters_.shared_hits.Increment();
      memory_.Put(key, *answer);
      return *std::move(answer);
    }
  }
  counters_.misses.Increment();
  absl::StatusOr<EncodedAnswer> answer = source_.QueryObservations(query, deadline);
  if (!answer.ok()) {
    counters_.failed_fills.Increment();
    return answer;
  }
  if (!StillAt(states, query, deadline)) {
    counters_.overtaken_fills.Increment();
    return answer;
  }
  counters_.fills.Increment();
  memory_.Put(key, *answer);
  if (shared_ != nullptr) shared_->Put(key, *answer);
  return answer;
}

bool CachingMetricReader::StillAt(const std::vector<DataState>& states,
                                  const ObservationQuery& query, absl::Time deadline) const {
  if (versions_.States(query.indicators) != states) return false;
  if (!refresh_(std::min(deadline, absl::Now() + options_.settle_timeout)).ok()) return false;
  return versions_.States(query.indicators) == states;
}

}  // namespace cityinfo::metrics
