#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"

namespace prometheus {
class Registry;
}

namespace cityinfo::telemetry {

using Labels = std::map<std::string, std::string>;
// Increment(), Set(), Observe(): all thread-safe and cheap, so look a metric up once and keep the
// reference.
using Counter = prometheus::Counter;
using Gauge = prometheus::Gauge;
using Histogram = prometheus::Histogram;

// Upper bounds in seconds from 0.5 ms to 10 s.
const std::vector<double>& LatencyBuckets();

// The numbers a service shows to Prometheus. Names follow its conventions:
// cityinfo_rpc_requests_total, cityinfo_rpc_duration_seconds. Label values must come from a small
// closed set (a method, a code), never from a request. Asking again with the same name and labels
// gives the same metric, which lives as long as this object. Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  Counter& GetCounter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge& GetGauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram& GetHistogram(const std::string& name, const std::string& help,
                          const Labels& labels = {},
                          const std::vector<double>& buckets = LatencyBuckets());

  // `refresh` runs before each rendering, to set gauges from state kept elsewhere. What it touches
  // must outlive the last rendering; it must not call RenderText or OnRender.
  void OnRender(std::function<void()> refresh);

  // Everything in the Prometheus text format 0.0.4.
  std::string RenderText();

 private:
  const std::unique_ptr<prometheus::Registry> registry_;
  absl::Mutex mutex_;
  std::vector<std::function<void()>> refreshes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cityinfo::telemetry
