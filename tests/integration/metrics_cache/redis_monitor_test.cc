#include "services/metrics/cache/redis_monitor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::RedisServer;
using ::cityinfo::testing::WaitUntil;
using ::testing::HasSubstr;

TEST(RedisMonitorTest, ALostRedisIsDegradedAndTheServiceStaysReady) {
  ASSERT_OK_AND_ASSIGN(auto server, RedisServer::Start());
  redis::Client client({.host = server->host(), .port = server->port()});
  health::Health health;
  telemetry::Metrics metrics;
  RedisMonitor monitor(client, health, metrics, absl::Milliseconds(10));
  const auto state = [&] { return health.GetSnapshot().components.at(0).state; };

  ASSERT_EQ(health.GetSnapshot().components.size(), 1u);
  EXPECT_EQ(health.GetSnapshot().components[0].name, "redis");
  EXPECT_TRUE(health.Ready());
  EXPECT_TRUE(WaitUntil([&] { return state() == health::State::kOk; }));

  server->Kill();
  EXPECT_TRUE(WaitUntil([&] { return state() == health::State::kDegraded; }));
  EXPECT_TRUE(health.Ready());
  EXPECT_THAT(metrics.RenderText(), HasSubstr("cityinfo_metrics_redis_connected 0"));

  ASSERT_OK(server->Restart());
  EXPECT_TRUE(WaitUntil([&] { return state() == health::State::kOk; }));
  EXPECT_TRUE(WaitUntil([&] {
    return metrics.GetCounter("cityinfo_metrics_redis_events_total", "", {{"event", "connect"}})
               .Value() == 2;
  }));
}

}  // namespace
}  // namespace cityinfo::metrics
