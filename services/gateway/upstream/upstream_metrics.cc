#include "services/gateway/upstream/upstream_metrics.h"

#include "platform/rpc/status_mapping.h"

namespace cityinfo::gateway {

UpstreamMetrics::UpstreamMetrics(const std::string& upstream, telemetry::Metrics& metrics)
    : metrics_(metrics),
      upstream_(upstream),
      in_flight_(metrics.GetGauge("cityinfo_gateway_upstream_in_flight",
                                  "Calls to a service that are under way.",
                                  {{"upstream", upstream}})),
      retries_(metrics.GetCounter("cityinfo_gateway_upstream_retries_total",
                                  "Attempts after the first of a call.", {{"upstream", upstream}})),
      duration_(metrics.GetHistogram("cityinfo_gateway_upstream_duration_seconds",
                                     "Time a call to a service took, retries included.",
                                     {{"upstream", upstream}})) {}

void UpstreamMetrics::Finished(absl::StatusCode code, absl::Duration took) {
  in_flight_.Decrement();
  duration_.Observe(absl::ToDoubleSeconds(took));
  const auto index = static_cast<size_t>(code);
  constexpr auto kUnknown = static_cast<size_t>(absl::StatusCode::kUnknown);
  std::atomic<telemetry::Counter*>& slot = by_code_[index < by_code_.size() ? index : kUnknown];
  telemetry::Counter* counter = slot.load(std::memory_order_acquire);
  if (counter == nullptr) {
    counter = &metrics_.GetCounter(
        "cityinfo_gateway_upstream_requests_total", "Calls to a service, by code.",
        {{"upstream", upstream_}, {"code", std::string(rpc::CodeName(code))}});
    slot.store(counter, std::memory_order_release);
  }
  counter->Increment();
}

}  // namespace cityinfo::gateway
