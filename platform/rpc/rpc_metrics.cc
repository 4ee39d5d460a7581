#include "platform/rpc/rpc_metrics.h"

#include "platform/rpc/status_mapping.h"

namespace cityinfo::rpc {

RpcMetrics::RpcMetrics(telemetry::Metrics& metrics, const std::string& method)
    : metrics_(metrics),
      method_(method),
      duration_(metrics.GetHistogram("cityinfo_rpc_duration_seconds",
                                     "Time from a call's arrival to its answer.",
                                     {{"method", method}})),
      in_flight_(metrics.GetGauge("cityinfo_rpc_in_flight", "Calls being worked on.",
                                  {{"method", method}})) {}

void RpcMetrics::Finished(absl::StatusCode code, absl::Duration took, bool streaming) {
  in_flight_.Decrement();
  if (!streaming) duration_.Observe(absl::ToDoubleSeconds(took));
  const auto index = static_cast<size_t>(code);
  std::atomic<telemetry::Counter*>& slot = by_code_[index < by_code_.size() ? index : 2];
  telemetry::Counter* counter = slot.load(std::memory_order_acquire);
  if (counter == nullptr) {
    counter = &metrics_.GetCounter("cityinfo_rpc_requests_total", "Calls answered, by code.",
                                   {{"method", method_}, {"code", std::string(CodeName(code))}});
    slot.store(counter, std::memory_order_release);
  }
  counter->Increment();
}

}  // namespace cityinfo::rpc
