#pragma once

#include <functional>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "platform/health/health.h"
#include "platform/redis/client.h"
#include "platform/telemetry/metrics.h"

namespace cityinfo::metrics {

// For redis::ClientOptions::on_reply: cityinfo_metrics_redis_command_seconds{command}. `metrics`
// must outlive the client.
std::function<void(absl::string_view command, absl::Duration took)> CommandLatencies(
    telemetry::Metrics& metrics);

// Tells health ("redis": OK or degraded, never down, not required: no request needs it) and the
// metrics page how the connection to Redis fares. A thread of its own looks every `interval`, so
// that an idle service notices too. What it is given must outlive it.
class RedisMonitor {
 public:
  RedisMonitor(redis::Client& client, health::Health& health, telemetry::Metrics& metrics,
               absl::Duration interval = absl::Milliseconds(200));
  ~RedisMonitor();
  RedisMonitor(const RedisMonitor&) = delete;
  RedisMonitor& operator=(const RedisMonitor&) = delete;

 private:
  void Run();
  void ReportHealth(const absl::Status& status);
  void ReportCounters();

  redis::Client& client_;
  health::Health& health_;
  telemetry::Metrics& metrics_;
  const absl::Duration interval_;
  redis::Counters reported_;  // the monitor thread's own
  absl::Notification stop_;
  std::jthread thread_;
};

}  // namespace cityinfo::metrics
