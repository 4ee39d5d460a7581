// The whole stack (memory, Redis, store) against a Redis that misbehaves in every way we can think
// of: the answers are those of the reader without a cache, and no question fails or waits long.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/redis/client.h"
#include "services/metrics/cache/cache_key.h"
#include "services/metrics/cache/redis_metric_cache.h"
#include "services/metrics/domain/data_versions.h"
#include "tests/integration/metrics_cache/cached_replica.h"
#include "tests/support/garbage_redis.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::GarbageRedis;
using ::cityinfo::testing::RedisServer;
using ::cityinfo::testing::WaitUntil;

class RedisFaultsTest : public ::testing::Test {
 protected:
  RedisFaultsTest() { Write(); }

  void StartRedis(std::vector<std::string> args = {}) {
    ASSERT_OK_AND_ASSIGN(server_, RedisServer::Start({.extra_args = std::move(args)}));
    Connect(server_->port());
    ASSERT_TRUE(client_->WaitUntilConnected(absl::Now() + absl::Seconds(10)));
  }
  void Connect(int port) {
    client_ = std::make_unique<redis::Client>(
        redis::ClientOptions{.address = redis::Address::Server("127.0.0.1", port),
                             .connect_timeout = absl::Milliseconds(200),
                             .stall_timeout = absl::Milliseconds(300)});
  }

  void Write() {
    ++source_.state;
    versions_.Advance(std::vector<DataVersion>{{"gdp", source_.state}});
  }

  // A new replica asks everything, twice (so both levels are met), and compares.
  void ExpectUncachedAnswers() {
    Replica replica(source_, versions_, *client_);
    for (int round = 0; round < 2; ++round) {
      for (int i = 0; i < kQuestions; ++i) {
        const absl::Time start = absl::Now();
        const absl::StatusOr<EncodedAnswer> answer = replica.Ask(i);
        EXPECT_LT(absl::Now() - start, absl::Seconds(2));
        ASSERT_OK(answer);
        ASSERT_EQ(**answer, **source_.QueryObservations(Question(i), absl::InfiniteFuture()));
      }
    }
  }

  // A new replica is answered by Redis, what others filled included.
  void ExpectHitsSoon() {
    EXPECT_TRUE(WaitUntil([&] {
      Replica replica(source_, versions_, *client_);
      for (int i = 0; i < kQuestions; ++i) EXPECT_OK(replica.Ask(i));
      return replica.RedisHits() == kQuestions;
    }));
    ExpectUncachedAnswers();
  }

  UncachedReader source_;
  DataVersions versions_;
  std::unique_ptr<RedisServer> server_;
  std::unique_ptr<redis::Client> client_;
};

TEST_F(RedisFaultsTest, WellRedisServesWhatAnotherReplicaFilled) {
  StartRedis();
  ExpectUncachedAnswers();
  ExpectHitsSoon();
  Write();
  ExpectUncachedAnswers();
  ExpectHitsSoon();
}

TEST_F(RedisFaultsTest, Killed) {
  StartRedis();
  ExpectUncachedAnswers();
  server_->Kill();
  ExpectUncachedAnswers();
  Write();
  ExpectUncachedAnswers();
}

TEST_F(RedisFaultsTest, StoppedAndContinued) {
  StartRedis();
  ExpectHitsSoon();
  server_->Stop();
  ExpectUncachedAnswers();
  Write();
  ExpectUncachedAnswers();
  server_->Continue();
  ExpectHitsSoon();
}

TEST_F(RedisFaultsTest, RestartedEmpty) {
  StartRedis();
  ExpectHitsSoon();
  ASSERT_OK(server_->Restart());
  ExpectUncachedAnswers();
  ExpectHitsSoon();
}

TEST_F(RedisFaultsTest, NeverThere) {
  {
    // A port that was free a moment ago.
    ASSERT_OK_AND_ASSIGN(auto gone, RedisServer::Start());
    Connect(gone->port());
  }
  ExpectUncachedAnswers();
}

TEST_F(RedisFaultsTest, OutOfMemory) {
  StartRedis({"--maxmemory", "1", "--maxmemory-policy", "noeviction"});
  ExpectUncachedAnswers();
  Write();
  ExpectUncachedAnswers();
}

TEST_F(RedisFaultsTest, GarbageAndWrongTypesUnderTheKeys) {
  StartRedis();
  ExpectHitsSoon();
  for (int i = 0; i < kQuestions; ++i) {
    const std::string key = RedisMetricCache::RedisKey(
        CacheKey("city", versions_.States(std::vector<std::string>{"gdp"}), Question(i)));
    ASSERT_OK_AND_ASSIGN(const std::string removed, server_->Command({"DEL", key}));
    ASSERT_NE(removed.find('1'), std::string::npos) << "not the key in use: " << key;
    ASSERT_OK(server_->Command(i % 2 == 0 ? std::vector<std::string>{"SET", key, "cv1:garbage"}
                                          : std::vector<std::string>{"LPUSH", key, "garbage"}));
  }
  ExpectUncachedAnswers();
  ExpectHitsSoon();
}

class PretendedRedisTest : public RedisFaultsTest,
                           public ::testing::WithParamInterface<GarbageRedis::Mode> {};

TEST_P(PretendedRedisTest, AnswersAreThoseWithoutACache) {
  GarbageRedis pretended(GetParam());
  Connect(pretended.port());
  ASSERT_TRUE(WaitUntil([&] { return pretended.connections() > 0; }));
  ExpectUncachedAnswers();
  Write();
  ExpectUncachedAnswers();
}

INSTANTIATE_TEST_SUITE_P(
    Modes, PretendedRedisTest,
    ::testing::Values(GarbageRedis::Mode::kGarbage, GarbageRedis::Mode::kPingThenGarbage,
                      GarbageRedis::Mode::kWrongTypes, GarbageRedis::Mode::kHugeLength,
                      GarbageRedis::Mode::kClose, GarbageRedis::Mode::kSilent));

}  // namespace
}  // namespace cityinfo::metrics
