#include "services/metrics/cache/redis_monitor.h"

#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "services/metrics/cache/redis_latency.h"

namespace cityinfo::metrics {
namespace {

constexpr char kComponent[] = "redis";

}  // namespace

std::function<void(absl::string_view command, absl::Duration took)> CommandLatencies(
    telemetry::Metrics& metrics) {
  const auto histogram = [&metrics](const char* command) {
    return &metrics.GetHistogram(
        "cityinfo_metrics_redis_command_seconds",
        "From when a command was given until its reply came, late ones too.",
        {{"command", command}}, RedisLatencyBuckets());
  };
  return [get = histogram("get"), set = histogram("set"), ping = histogram("ping")](
             absl::string_view command, absl::Duration took) {
    (command == "get" ? get : command == "set" ? set : ping)->Observe(absl::ToDoubleSeconds(took));
  };
}

RedisMonitor::RedisMonitor(redis::Client& client, health::Health& health,
                           telemetry::Metrics& metrics, absl::Duration interval)
    : client_(client), health_(health), metrics_(metrics), interval_(interval) {
  health_.Register(kComponent, /*required=*/false);
  ReportHealth(client_.status());
  thread_ = std::jthread([this] { Run(); });
}

RedisMonitor::~RedisMonitor() { stop_.Notify(); }

void RedisMonitor::Run() {
  std::optional<absl::Status> last;
  do {
    // The client logs what happens and why.
    const absl::Status status = client_.status();
    if (last != status) ReportHealth(status);
    last = status;
    ReportCounters();
  } while (!stop_.WaitForNotificationWithTimeout(interval_));
}

void RedisMonitor::ReportHealth(const absl::Status& status) {
  metrics_.GetGauge("cityinfo_metrics_redis_connected", "1 while Redis answers, 0 otherwise.")
      .Set(status.ok() ? 1 : 0);
  if (status.ok()) {
    health_.Set(kComponent, health::State::kOk);
  } else {
    health_.Set(kComponent, health::State::kDegraded,
                absl::StrCat(status.message(), "; reads are served without the shared cache"));
  }
}

void RedisMonitor::ReportCounters() {
  const redis::Counters now = client_.counters();
  const auto report = [this](const char* event, std::int64_t total, std::int64_t before) {
    metrics_
        .GetCounter("cityinfo_metrics_redis_events_total",
                    "What happened on the connection to Redis.", {{"event", event}})
        .Increment(static_cast<double>(total - before));
  };
  report("hit", now.hits, reported_.hits);
  report("miss", now.misses, reported_.misses);
  report("corrupt", now.corrupt, reported_.corrupt);
  report("write", now.writes, reported_.writes);
  report("error", now.errors, reported_.errors);
  report("timeout", now.timeouts, reported_.timeouts);
  report("late_reply", now.late_replies, reported_.late_replies);
  report("rejected", now.rejected, reported_.rejected);
  report("connect", now.connects, reported_.connects);
  report("drop", now.drops, reported_.drops);
  reported_ = now;
}

}  // namespace cityinfo::metrics
