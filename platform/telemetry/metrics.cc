#include "platform/telemetry/metrics.h"

#include <utility>

#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"

namespace cityinfo::telemetry {

const std::vector<double>& LatencyBuckets() {
  static const auto* const buckets = new std::vector<double>{
      0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  return *buckets;
}

Metrics::Metrics() : registry_(std::make_unique<prometheus::Registry>()) {}
Metrics::~Metrics() = default;

// A registry merges families of the same name, and a family gives the metric it already has for the
// same labels, so asking twice is safe.
Counter& Metrics::GetCounter(const std::string& name, const std::string& help,
                             const Labels& labels) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(*registry_).Add(labels);
}

Gauge& Metrics::GetGauge(const std::string& name, const std::string& help, const Labels& labels) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(*registry_).Add(labels);
}

Histogram& Metrics::GetHistogram(const std::string& name, const std::string& help,
                                 const Labels& labels, const std::vector<double>& buckets) {
  return prometheus::BuildHistogram()
      .Name(name)
      .Help(help)
      .Register(*registry_)
      .Add(labels, buckets);
}

void Metrics::OnRender(std::function<void()> refresh) {
  absl::MutexLock lock(&mutex_);
  refreshes_.push_back(std::move(refresh));
}

std::string Metrics::RenderText() {
  absl::MutexLock lock(&mutex_);
  for (const auto& refresh : refreshes_) refresh();
  return prometheus::TextSerializer().Serialize(registry_->Collect());
}

}  // namespace cityinfo::telemetry
