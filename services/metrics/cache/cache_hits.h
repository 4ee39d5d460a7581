#pragma once

#include "platform/telemetry/metrics.h"

namespace cityinfo::metrics {

enum class CacheLevel { kMemory, kRedis };

// cityinfo_metrics_cache_hits_total{level="memory"|"redis"}: everybody who answers from a cache
// counts here.
inline telemetry::Counter& CacheHits(telemetry::Metrics& metrics, CacheLevel level) {
  return metrics.GetCounter("cityinfo_metrics_cache_hits_total",
                            "Questions answered from a cache, by its level.",
                            {{"level", level == CacheLevel::kMemory ? "memory" : "redis"}});
}

}  // namespace cityinfo::metrics
