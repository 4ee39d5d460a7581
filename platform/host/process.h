#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/health/admin_server.h"
#include "platform/health/health.h"
#include "platform/host/process_options.h"
#include "platform/lifecycle/shutdown.h"
#include "platform/rpc/channel.h"
#include "platform/rpc/tls_credentials.h"
#include "platform/telemetry/metrics.h"
#include "platform/telemetry/span_exporter.h"

namespace cityinfo::host {

// What every program of the platform that runs until it is told to stop has: numbers, health, the
// admin port, certificates, spans, and an end in a fixed order:
//
//   not ready -> drain delay -> requests under way finish -> the program's own steps -> spans sent
//
// A signal that comes before Announce ends the process at once, with code 0.
//
// Belongs to the main thread, except metrics() and health().
class Process {
 public:
  // Reads the certificates and starts the exporter of spans. `service` names the program in logs,
  // numbers and spans.
  static absl::StatusOr<std::unique_ptr<Process>> Create(const std::string& service,
                                                         const ProcessOptions& options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  const std::string& service() const { return service_; }
  const ProcessOptions& options() const { return options_; }
  telemetry::Metrics& metrics() { return metrics_; }
  health::Health& health() { return health_; }
  // Null without certificates.
  const rpc::TlsCredentials* tls() const { return tls_.get(); }

  // A channel to another service, with this program's certificates if it has any.
  std::shared_ptr<grpc::Channel> Dial(absl::string_view target, rpc::ChannelOptions options = {});

  using Ports = std::vector<std::pair<std::string, int>>;
  // Call when everything else listens: opens the admin port, writes the port file and logs
  // "serving".
  absl::Status Announce(Ports ports);
  int admin_port() const { return admin_->port(); }
  // Nobody asks for numbers any more; for a step that takes down what they are read from.
  void CloseAdmin() { admin_.reset(); }

  using Step = lifecycle::Shutdown::Step;
  struct Ending {
    // Health has just begun to say not ready; requests are still taken. May be empty.
    std::function<void()> begin_drain;
    // Takes no new requests and lets those under way finish until the deadline.
    Step finish_requests;
    // Requests no longer come; gives what works for them time to end. May be empty.
    Step stop_workers;
  };
  void SetEnding(Ending ending) { ending_ = std::move(ending); }
  // A step of the program's own, after those, in the order added. Together they must keep to
  // ProcessOptions::own_stop_limit.
  void AddStop(absl::string_view name, absl::Duration limit, Step step);

  // Serves until SIGTERM or SIGINT, then ends everything in order; the exit code of the process.
  int RunUntilSignal();

 private:
  Process(const std::string& service, const ProcessOptions& options);
  void PlanTheEnd();

  const std::string service_;
  const ProcessOptions options_;
  telemetry::Metrics metrics_;
  health::Health health_;
  std::unique_ptr<lifecycle::Shutdown> shutdown_;
  lifecycle::Shutdown::SignalGuard starting_;          // until it serves
  std::unique_ptr<rpc::TlsCredentials> tls_;           // null without certificates
  std::unique_ptr<telemetry::SpanExporter> exporter_;  // null without an endpoint
  std::unique_ptr<health::AdminServer> admin_;
  Ending ending_;
  std::vector<lifecycle::Shutdown::NamedStep> own_steps_;
};

}  // namespace cityinfo::host
