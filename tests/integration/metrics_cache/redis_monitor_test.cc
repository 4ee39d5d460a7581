#include "services/metrics/cache/redis_monitor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/match.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::RedisServer;
using ::cityinfo::testing::WaitUntil;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(RedisMonitorTest, ALostRedisIsDegradedAndTheServiceStaysReady) {
  ASSERT_OK_AND_ASSIGN(auto server, RedisServer::Start());
  redis::Client client({.address = redis::Address::Server(server->host(), server->port())});
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

TEST(RedisMonitorTest, HealthSaysThatThePasswordIsRefused) {
  ASSERT_OK_AND_ASSIGN(auto server, RedisServer::Start({.password = "s3cret"}));
  redis::Client client({.address = redis::Address::Server(server->host(), server->port()),
                        .password = {.text = "wr0ng"}});
  health::Health health;
  telemetry::Metrics metrics;
  RedisMonitor monitor(client, health, metrics, absl::Milliseconds(10));
  const auto message = [&] { return health.GetSnapshot().components.at(0).message; };

  EXPECT_TRUE(WaitUntil([&] { return absl::StrContains(message(), "refuses the password"); }))
      << message();
  EXPECT_THAT(message(), Not(HasSubstr("wr0ng")));
  EXPECT_EQ(health.GetSnapshot().components[0].state, health::State::kDegraded);
  EXPECT_TRUE(health.Ready());
}

}  // namespace
}  // namespace cityinfo::metrics
