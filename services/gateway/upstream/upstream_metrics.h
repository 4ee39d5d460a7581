#pragma once

#include <array>
#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "platform/telemetry/metrics.h"

namespace cityinfo::gateway {

// Rate, errors and duration of the calls to one service, as the gateway sees them, retries
// included: cityinfo_gateway_upstream_requests_total{upstream,code},
// cityinfo_gateway_upstream_duration_seconds{upstream},
// cityinfo_gateway_upstream_in_flight{upstream},
// cityinfo_gateway_upstream_retries_total{upstream}. Thread-safe.
class UpstreamMetrics {
 public:
  UpstreamMetrics(const std::string& upstream, telemetry::Metrics& metrics);

  void Started() { in_flight_.Increment(); }
  void Retried() { retries_.Increment(); }
  void Finished(absl::StatusCode code, absl::Duration took);

 private:
  telemetry::Metrics& metrics_;
  const std::string upstream_;
  telemetry::Gauge& in_flight_;
  telemetry::Counter& retries_;
  telemetry::Histogram& duration_;
  // Looked up at first use; those of gRPC's codes.
  std::array<std::atomic<telemetry::Counter*>, 17> by_code_{};
};

}  // namespace cityinfo::gateway
