// A Redis Cluster is told from a single server, and never used.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/redis/client.h"
#include "tests/support/garbage_redis.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"
#include "tests/unit/platform_redis/loopback.h"

namespace cityinfo::redis {
namespace {

using testing::GarbageRedis;
using ::testing::HasSubstr;
using testing::RedisServer;
using testing::WaitUntil;

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

// A port on which nobody listens.
int DeadPort() { return GarbageRedis(GarbageRedis::Mode::kClose).port(); }

TEST(ClusterTest, ANodeIsNeverUsedAndTheStatusSaysWhy) {
  ASSERT_OK_AND_ASSIGN(
      auto server, RedisServer::Start({.extra_args = {"--cluster-enabled", "yes", "--cluster-port",
                                                      absl::StrCat(DeadPort())}}));
  Client client({.address = At(server->port())});
  ASSERT_TRUE(client.WaitUntilDialed(Soon()));
  EXPECT_EQ(base::ErrorReason(client.status()), "REDIS_IS_CLUSTER");
  EXPECT_THAT(std::string(client.status().message()), HasSubstr(server->address()));
  EXPECT_EQ(client.state(), State::kDegraded);
  EXPECT_EQ(client.counters().connects, 0);
}

TEST(ClusterTest, AServerThatMayNotSayPassesForNone) {
  ASSERT_OK_AND_ASSIGN(auto server, RedisServer::Start());
  ASSERT_OK(server->Command({"ACL", "SETUSER", "default", "-info"}));
  Client client({.address = At(server->port())});
  EXPECT_TRUE(client.WaitUntilConnected(Soon()));
}

TEST(ClusterTest, AServerThatBecomesANodeIsLeft) {
  GarbageRedis moved([](absl::string_view request) -> std::string {
    if (absl::StrContains(request, "GET")) return "-MOVED 3999 127.0.0.1:7001\r\n";
    return absl::StrContains(request, "PING") ? "+PONG\r\n" : "$-1\r\n";
  });
  Client client({.address = At(moved.port())});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  EXPECT_FALSE(client.Get("k", Soon()).ok());
  EXPECT_TRUE(WaitUntil([&] { return base::ErrorReason(client.status()) == "REDIS_IS_CLUSTER"; }));
}

}  // namespace
}  // namespace cityinfo::redis
