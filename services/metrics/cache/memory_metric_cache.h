#pragma once

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"
#include "platform/concurrency/lru_cache.h"
#include "platform/telemetry/metrics.h"
#include "services/metrics/domain/metric_cache.h"

namespace cityinfo::metrics {

// The cache inside the process: bounded in bytes, forgets what was least recently asked for. Empty
// answers live in a small part of their own, so that questions about nothing (they can be made up
// without end) never push out answers that hold something. Thread-safe; never waits for anything
// but a short lock.
class MemoryMetricCache final : public MetricCache {
 public:
  struct Options {
    std::size_t max_bytes = 32 << 20;        // of answers, keys and bookkeeping
    std::size_t max_empty_bytes = 1 << 20;   // the same for empty answers, on top
    std::size_t max_answer_bytes = 1 << 20;  // a larger answer is not kept
  };
  using Stats = concurrency::LruCache<std::string>::Stats;

  explicit MemoryMetricCache(const Options& options);

  std::optional<EncodedAnswer> Get(absl::string_view key) override;
  void Put(absl::string_view key, EncodedAnswer answer) override;

  // Of both parts together. Hits and misses count lookups per part and are not a hit rate.
  Stats GetStats() const;

 private:
  const std::size_t max_answer_bytes_;
  concurrency::LruCache<std::string> answers_;
  concurrency::LruCache<std::string> empty_answers_;
};

// Shows how full it is: cityinfo_metrics_cache_memory_bytes, cityinfo_metrics_cache_memory_entries,
// cityinfo_metrics_cache_memory_evictions_total. The cache must outlive the last rendering.
void ReportMemoryCache(const MemoryMetricCache& cache, telemetry::Metrics& metrics);

}  // namespace cityinfo::metrics
