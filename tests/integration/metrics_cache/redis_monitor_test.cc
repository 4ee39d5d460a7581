#include "services/metrics/cache/redis_monitor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
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

TEST(RedisMonitorTest, EveryCommandIsTimed) {
  ASSERT_OK_AND_ASSIGN(auto server, RedisServer::Start());
  telemetry::Metrics metrics;
  redis::Client client({.address = redis::Address::Server(server->host(), server->port()),
                        .on_reply = CommandLatencies(metrics)});
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  ASSERT_TRUE(client.WaitUntilConnected(deadline));
  ASSERT_OK(client.Set("key", "value", absl::Minutes(1), deadline));
  for (int i = 0; i < 3; ++i) ASSERT_OK(client.Get("key", deadline));
  ASSERT_OK(client.Ping(deadline));
  const std::string page = metrics.RenderText();
  constexpr char kCount[] = "cityinfo_metrics_redis_command_seconds_count";
  EXPECT_THAT(page, HasSubstr(absl::StrCat(kCount, "{command=\"get\"} 3")));
  EXPECT_THAT(page, HasSubstr(absl::StrCat(kCount, "{command=\"set\"} 1")));
  // The client pings an idle connection by itself.
  EXPECT_THAT(page, Not(HasSubstr(absl::StrCat(kCount, "{command=\"ping\"} 0"))));
}

}  // namespace
}  // namespace cityinfo::metrics
