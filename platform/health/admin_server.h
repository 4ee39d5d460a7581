#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/health/health.h"
#include "platform/telemetry/metrics.h"

namespace cityinfo::health {

// A small HTTP port for operators and probes, not for the public:
//   GET /healthz   200 as long as the process can answer at all
//   GET /readyz    200 when ready, else 503; the body is the health snapshot as JSON
//   GET /metrics   Prometheus text
// It runs on one thread of its own, so it answers even when every worker is busy.
class AdminServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    int port = 0;  // 0: any free port
    // Further connections wait in the kernel's queue.
    int max_connections = 32;
    // For one request and for idling between two.
    absl::Duration timeout = absl::Seconds(5);
  };

  // UNAVAILABLE (ADDRESS_IN_USE …) naming the address if it cannot listen. Both references must
  // outlive the server.
  static absl::StatusOr<std::unique_ptr<AdminServer>> Start(const Options& options,
                                                            const Health& health,
                                                            telemetry::Metrics& metrics);
  // Drops its connections and stops at once.
  virtual ~AdminServer() = default;

  // The port it listens on.
  virtual int port() const = 0;
};

}  // namespace cityinfo::health
