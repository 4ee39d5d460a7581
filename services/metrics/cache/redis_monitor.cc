#include "services/metrics/cache/redis_monitor.h"

#include <cstdint>
#include <optional>

#include "platform/log/log.h"

namespace cityinfo::metrics {
namespace {

constexpr char kComponent[] = "redis";

}  // namespace

RedisMonitor::RedisMonitor(redis::Client& client, health::Health& health,
                           telemetry::Metrics& metrics, absl::Duration interval)
    : client_(client), health_(health), metrics_(metrics), interval_(interval) {
  health_.Register(kComponent, /*required=*/false);
  ReportHealth(client_.state());
  thread_ = std::jthread([this] { Run(); });
}

RedisMonitor::~RedisMonitor() { stop_.Notify(); }

void RedisMonitor::Run() {
  std::optional<redis::State> last;
  do {
    const redis::State state = client_.state();
    if (last != state) {
      ReportHealth(state);
      if (state == redis::State::kConnected) {
        log::Info("redis answers; the shared cache is in use");
      } else if (last.has_value()) {
        log::Warning("redis does not answer; serving without the shared cache");
      }
      last = state;
    }
    ReportCounters();
  } while (!stop_.WaitForNotificationWithTimeout(interval_));
}

void RedisMonitor::ReportHealth(redis::State state) {
  const bool connected = state == redis::State::kConnected;
  metrics_.GetGauge("cityinfo_metrics_redis_connected", "1 while Redis answers, 0 otherwise.")
      .Set(connected ? 1 : 0);
  if (connected) {
    health_.Set(kComponent, health::State::kOk);
  } else {
    health_.Set(kComponent, health::State::kDegraded,
                "does not answer; reads are served without the shared cache");
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
