#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "platform/config/options.h"
#include "platform/tls/files.h"

namespace cityinfo::host {

// What can be set about every program of the platform that runs until it is told to stop.
struct ProcessOptions {
  std::string admin_listen;
  std::string port_file;  // empty: none is written
  std::string log_level = "info";
  tls::Files tls;
  std::string otlp_endpoint;  // empty: no spans are sent
  double trace_sample = 0.1;
  absl::Duration drain_delay = absl::ZeroDuration();
  absl::Duration shutdown_timeout = absl::Seconds(5);
  // What the steps that the program adds to the end of every process take together at most; not a
  // setting.
  absl::Duration own_stop_limit = absl::ZeroDuration();
};

// Declares the flags. `env_prefix` is "CITYINFO_ARTICLES_" and the like, for what is set per
// program; what all share is CITYINFO_DRAIN_DELAY and the like.
void Declare(const std::string& env_prefix, ProcessOptions* process, config::Options* options);

// Longest time between SIGTERM and the end of the process: what the steps of the shutdown may take
// together. --check-config prints it as shutdown_limit_seconds; whoever kills the process must wait
// at least as long.
absl::Duration ShutdownLimit(const ProcessOptions& process);

// The parts of that limit.
inline constexpr absl::Duration kNotReadyLimit = absl::Seconds(1);  // on top of the drain delay
inline constexpr absl::Duration kStopMargin = absl::Seconds(1);  // on top of the shutdown timeout
inline constexpr absl::Duration kWorkersLimit = absl::Seconds(1);
inline constexpr absl::Duration kTelemetryLimit = absl::Seconds(2);
inline constexpr absl::Duration kExitLimit = absl::Seconds(1);

}  // namespace cityinfo::host
