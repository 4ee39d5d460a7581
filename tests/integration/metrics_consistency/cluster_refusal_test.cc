// The real program over a real redis-server in cluster mode.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/child_process.h"
#include "tests/support/garbage_redis.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::metrics {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(ClusterRefusalTest, ARedisClusterIsRefusedAtTheStartWithTheFlagsName) {
  // A port on which nobody listens.
  const int bus = testing::GarbageRedis(testing::GarbageRedis::Mode::kClose).port();
  ASSERT_OK_AND_ASSIGN(
      auto node,
      testing::RedisServer::Start(
          {.extra_args = {"--cluster-enabled", "yes", "--cluster-port", absl::StrCat(bus)}}));
  testing::TempDir data;
  ASSERT_OK_AND_ASSIGN(
      auto service,
      testing::ChildProcess::Start({.binary = testing::ProgramPath("cityinfo-metrics"),
                                    .args = {"--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0",
                                             "--articles=", "--data-dir=" + data.path().string(),
                                             "--redis=" + node->address()}}));
  const auto exit = service->Wait(absl::Seconds(60));
  ASSERT_TRUE(exit.has_value()) << "it serves";
  EXPECT_NE(exit->code, 0);
  EXPECT_THAT(service->Stderr() + service->Stdout(),
              AllOf(HasSubstr("--redis"), HasSubstr(node->address()), HasSubstr("Redis Cluster")));
}

}  // namespace
}  // namespace cityinfo::metrics
