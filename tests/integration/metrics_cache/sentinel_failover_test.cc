// The cache over a Redis that three real Sentinels watch: the master dies, they agree on another,
// and hits come from there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/integration/metrics_cache/cached_replica.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::RedisServer;
using ::cityinfo::testing::WaitUntil;

// Three that have to agree need their time.
constexpr absl::Duration kPatience = absl::Seconds(60);

class SentinelFailoverTest : public ::testing::Test {
 protected:
  void SetUp() override {
    source_.state = 1;
    versions_.Advance(std::vector<DataVersion>{{"gdp", 1}});
    ASSERT_OK_AND_ASSIGN(master_, RedisServer::Start());
    ASSERT_OK_AND_ASSIGN(replica_, RedisServer::Start({.replica_of = master_->port()}));
    ASSERT_TRUE(WaitUntil([&] {
      return Says(*replica_, {"INFO", "replication"}, "link_status:up");
    }));
    redis::Address address{.master_name = "city"};
    for (std::unique_ptr<RedisServer>& sentinel : sentinels_) {
      ASSERT_OK_AND_ASSIGN(
          sentinel, RedisServer::StartSentinel({.master_port = master_->port(), .quorum = 2}));
      address.sentinels.push_back({.host = "127.0.0.1", .port = sentinel->port()});
    }
    for (const std::unique_ptr<RedisServer>& sentinel : sentinels_) {
      ASSERT_TRUE(WaitUntil(
          [&] {
            return Says(*sentinel, {"SENTINEL", "master", "city"},
                        "num-other-sentinels\r\n$1\r\n2") &&
                   Says(*sentinel, {"SENTINEL", "replicas", "city"},
                        absl::StrCat(replica_->port()));
          },
          kPatience));
    }
    client_ = std::make_unique<redis::Client>(redis::ClientOptions{.address = address});
    ASSERT_TRUE(client_->WaitUntilConnected(absl::Now() + kPatience));
  }

  static bool Says(RedisServer& server, const std::vector<std::string>& command,
                   absl::string_view part) {
    const absl::StatusOr<std::string> reply = server.Command(command);
    return reply.ok() && absl::StrContains(*reply, part);
  }

  // A cold replica asks everything; the answers are the store's. How many came from Redis.
  double Hits() {
    Replica replica(source_, versions_, *client_);
    for (int i = 0; i < kQuestions; ++i) {
      const absl::StatusOr<EncodedAnswer> answer = replica.Ask(i);
      EXPECT_OK(answer);
      if (!answer.ok()) return 0;
      EXPECT_EQ(**answer, **source_.QueryObservations(Question(i), absl::InfiniteFuture()));
    }
    return replica.RedisHits();
  }

  UncachedReader source_;
  DataVersions versions_;
  std::unique_ptr<RedisServer> master_;
  std::unique_ptr<RedisServer> replica_;
  std::unique_ptr<RedisServer> sentinels_[3];
  std::unique_ptr<redis::Client> client_;
};

TEST_F(SentinelFailoverTest, IsSurvivedAndHitsComeFromTheNewMaster) {
  ASSERT_TRUE(WaitUntil([&] { return Hits() == kQuestions; }));
  master_->Kill();
  // One of the Sentinels goes with it; two are still most of them.
  sentinels_[0]->Kill();
  ASSERT_TRUE(WaitUntil(
      [&] {
        Hits();  // no question fails meanwhile
        return Says(*replica_, {"ROLE"}, "master");
      },
      kPatience));
  EXPECT_TRUE(WaitUntil([&] { return Hits() == kQuestions; }, kPatience));
}

}  // namespace
}  // namespace cityinfo::metrics
