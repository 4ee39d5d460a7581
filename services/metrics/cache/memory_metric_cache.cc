#include "services/metrics/cache/memory_metric_cache.h"

#include <utility>

namespace cityinfo::metrics {

MemoryMetricCache::MemoryMetricCache(const Options& options)
    : max_answer_bytes_(options.max_answer_bytes),
      answers_({.max_bytes = options.max_bytes, .shards = 8}),
      empty_answers_({.max_bytes = options.max_empty_bytes, .shards = 1}) {}

std::optional<EncodedAnswer> MemoryMetricCache::Get(absl::string_view key) {
  if (EncodedAnswer answer = answers_.Get(key)) return answer;
  if (EncodedAnswer answer = empty_answers_.Get(key)) return answer;
  return std::nullopt;
}

void MemoryMetricCache::Put(absl::string_view key, EncodedAnswer answer) {
  const std::size_t bytes = answer->size();
  if (bytes > max_answer_bytes_) return;
  (bytes == 0 ? empty_answers_ : answers_).Put(key, std::move(answer), bytes);
}

MemoryMetricCache::Stats MemoryMetricCache::GetStats() const {
  Stats sum = answers_.GetStats();
  const Stats empty = empty_answers_.GetStats();
  sum.hits += empty.hits;
  sum.misses += empty.misses;
  sum.evictions += empty.evictions;
  sum.entries += empty.entries;
  sum.bytes += empty.bytes;
  return sum;
}

void ReportMemoryCache(const MemoryMetricCache& cache, telemetry::Metrics& metrics) {
  telemetry::Gauge& bytes =
      metrics.GetGauge("cityinfo_metrics_cache_memory_bytes",
                       "What the cache inside the process holds, bookkeeping included.");
  telemetry::Gauge& entries = metrics.GetGauge("cityinfo_metrics_cache_memory_entries",
                                               "Answers in the cache inside the process.");
  telemetry::Counter& evictions =
      metrics.GetCounter("cityinfo_metrics_cache_memory_evictions_total",
                         "Answers that gave way to others in the cache inside the process.");
  metrics.OnRender([&] {
    const MemoryMetricCache::Stats stats = cache.GetStats();
    bytes.Set(static_cast<double>(stats.bytes));
    entries.Set(static_cast<double>(stats.entries));
    evictions.Increment(static_cast<double>(stats.evictions) - evictions.Value());
  });
}

}  // namespace cityinfo::metrics
