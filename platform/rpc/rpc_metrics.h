#pragma once

#include <array>
#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "platform/telemetry/metrics.h"

namespace cityinfo::rpc {

// Rate, errors and duration of one method: cityinfo_rpc_requests_total{method,code},
// cityinfo_rpc_duration_seconds{method}, cityinfo_rpc_in_flight{method}. Thread-safe.
class RpcMetrics {
 public:
  RpcMetrics(telemetry::Metrics& metrics, const std::string& method);

  void Started() { in_flight_.Increment(); }
  // Streams are counted, but their length says nothing about speed and is left out.
  void Finished(absl::StatusCode code, absl::Duration took, bool streaming);

 private:
  telemetry::Metrics& metrics_;
  const std::string method_;
  telemetry::Histogram& duration_;
  telemetry::Gauge& in_flight_;
  // Looked up at first use: most methods meet few codes.
  std::array<std::atomic<telemetry::Counter*>, 17> by_code_{};
};

}  // namespace cityinfo::rpc
