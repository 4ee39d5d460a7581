// Following the master, with real Sentinels and servers; and Sentinels that are anything but well.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/redis/client.h"
#include "tests/support/garbage_redis.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::redis {
namespace {

using testing::GarbageRedis;
using ::testing::HasSubstr;
using testing::IsOkAndHolds;
using ::testing::Optional;
using testing::RedisServer;
using testing::StatusIs;
using testing::WaitUntil;

constexpr absl::Duration kTtl = absl::Minutes(1);
constexpr absl::Duration kSlack = absl::Milliseconds(200);
absl::Time Soon() { return absl::Now() + absl::Seconds(5); }

Address Sentinels(const std::vector<int>& ports) {
  Address address{.master_name = "city"};
  for (const int port : ports) {
    address.sentinels.push_back({.host = "127.0.0.1", .port = port});
  }
  return address;
}

std::string Reason(const Client& client) { return base::ErrorReason(client.status()); }

bool Says(RedisServer& server, const std::vector<std::string>& command, absl::string_view part) {
  const absl::StatusOr<std::string> reply = server.Command(command);
  return reply.ok() && absl::StrContains(*reply, part);
}

// A port on which nobody listens.
int DeadPort() { return GarbageRedis(GarbageRedis::Mode::kClose).port(); }

// What a Sentinel answers to every question when `port` is the master's.
std::string NamesMaster(int port) {
  const std::string text = absl::StrCat(port);
  return absl::StrCat("*2\r\n$9\r\n127.0.0.1\r\n$", text.size(), "\r\n", text, "\r\n");
}

// A master and a replica that follows it.
class SentinelTest : public ::testing::Test {
 protected:
  void StartServers(const std::string& password = "") {
    ASSERT_OK_AND_ASSIGN(master_, RedisServer::Start({.password = password}));
    ASSERT_OK_AND_ASSIGN(replica_,
                         RedisServer::Start({.password = password, .replica_of = master_->port()}));
    ASSERT_TRUE(WaitUntil([&] {
      return Says(*replica_, {"INFO", "replication"}, "master_link_status:up");
    }));
  }

  // A Sentinel that has found the replica, so that it can fail over.
  std::unique_ptr<RedisServer> StartSentinel(RedisServer::SentinelOptions options = {}) {
    options.master_port = master_->port();
    absl::StatusOr<std::unique_ptr<RedisServer>> sentinel = RedisServer::StartSentinel(options);
    EXPECT_OK(sentinel);
    if (!sentinel.ok()) return nullptr;
    EXPECT_TRUE(WaitUntil([&] {
      return Says(**sentinel, {"SENTINEL", "replicas", "city"}, absl::StrCat(replica_->port())) &&
             Says(**sentinel, {"SENTINEL", "replicas", "city"}, "master-link-status\r\n$2\r\nok");
    }));
    return *std::move(sentinel);
  }

  std::unique_ptr<RedisServer> master_;
  std::unique_ptr<RedisServer> replica_;
};

TEST_F(SentinelTest, AKilledMasterIsFollowedToTheNext) {
  StartServers();
  const auto sentinel = StartSentinel();
  ASSERT_NE(sentinel, nullptr);
  Client client({.address = Sentinels({sentinel->port()})});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  ASSERT_OK(client.Set("k", "v", kTtl, Soon()));
  ASSERT_TRUE(WaitUntil([&] { return Says(*replica_, {"EXISTS", "k"}, ":1"); }));

  master_->Kill();
  ASSERT_TRUE(WaitUntil([&] { return client.state() == State::kDegraded; }));
  // Sentinels need a while to agree; from then on it is the client's second.
  ASSERT_TRUE(WaitUntil([&] { return Says(*replica_, {"ROLE"}, "master"); }, absl::Seconds(20)));
  const absl::Time promoted = absl::Now();
  ASSERT_TRUE(client.WaitUntilConnected(absl::Now() + absl::Seconds(10)));
  // The Sentinel tells of the new master when it has seen that it is one, which it checks each
  // second.
  EXPECT_LT(absl::Now() - promoted, absl::Seconds(2) + absl::Seconds(1) + kSlack);
  EXPECT_THAT(client.Get("k", Soon()), IsOkAndHolds(Optional(std::string("v"))));
  EXPECT_OK(client.Set("k2", "v2", kTtl, Soon()));
  EXPECT_TRUE(Says(*replica_, {"EXISTS", "k2"}, ":1"));
}

TEST_F(SentinelTest, AFrozenMasterIsFollowedToTheNext) {
  StartServers();
  const auto sentinel = StartSentinel();
  ASSERT_NE(sentinel, nullptr);
  Client client({.address = Sentinels({sentinel->port()})});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));

  master_->Stop();
  ASSERT_TRUE(
      WaitUntil([&] { return client.Set("k", "v", kTtl, Soon()).ok(); }, absl::Seconds(20)));
  EXPECT_TRUE(Says(*replica_, {"EXISTS", "k"}, ":1"));

  // Awake again, the old master takes itself for one until the Sentinel demotes it; nobody asks it.
  master_->Continue();
  Client newcomer({.address = Sentinels({sentinel->port()})});
  ASSERT_TRUE(newcomer.WaitUntilConnected(Soon()));
  EXPECT_THAT(newcomer.Get("k", Soon()), IsOkAndHolds(Optional(std::string("v"))));
  EXPECT_OK(newcomer.Set("k2", "v2", kTtl, Soon()));
  EXPECT_TRUE(Says(*replica_, {"EXISTS", "k2"}, ":1"));
}

TEST_F(SentinelTest, PasswordsOfServersAndSentinelsComeFromOneFile) {
  const testing::TempDir dir;
  StartServers("s3cret");
  const auto sentinel = StartSentinel({.master_password = "s3cret", .password = "s3cret"});
  ASSERT_NE(sentinel, nullptr);
  Client client({.address = Sentinels({sentinel->port()}),
                 .password = {.file = dir.Write("password", "s3cret\n")}});
  EXPECT_TRUE(client.WaitUntilConnected(Soon()));
  EXPECT_OK(client.Set("k", "v", kTtl, Soon()));

  Client wrong({.address = Sentinels({sentinel->port()}), .password = {.text = "wrong"}});
  EXPECT_TRUE(WaitUntil([&] { return Reason(wrong) == "REDIS_PASSWORD_REFUSED"; }));
  EXPECT_THAT(std::string(wrong.status().message()),
              HasSubstr(absl::StrCat("sentinel 127.0.0.1:", sentinel->port())));
}

TEST_F(SentinelTest, ASentinelWithoutAPasswordIsAskedAllTheSame) {
  StartServers("s3cret");
  const auto sentinel = StartSentinel({.master_password = "s3cret"});
  ASSERT_NE(sentinel, nullptr);
  Client client({.address = Sentinels({sentinel->port()}), .password = {.text = "s3cret"}});
  EXPECT_TRUE(client.WaitUntilConnected(Soon()));
}

TEST_F(SentinelTest, ASentinelThatKnowsNoSuchMasterSaysSo) {
  StartServers();
  const auto sentinel = StartSentinel();
  ASSERT_NE(sentinel, nullptr);
  Address address = Sentinels({sentinel->port()});
  address.master_name = "village";
  Client client({.address = address});
  EXPECT_TRUE(WaitUntil([&] { return Reason(client) == "REDIS_MASTER_UNKNOWN"; }));
  EXPECT_THAT(std::string(client.status().message()), HasSubstr("no master named village"));
}

TEST_F(SentinelTest, AHungSentinelCostsItsLimitAndTheNextIsAsked) {
  StartServers();
  const auto hung = StartSentinel();
  const auto well = StartSentinel();
  ASSERT_NE(hung, nullptr);
  ASSERT_NE(well, nullptr);
  hung->Stop();
  const absl::Time begin = absl::Now();
  Client client({.address = Sentinels({hung->port(), well->port()}),
                 .sentinel_timeout = absl::Milliseconds(100)});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  EXPECT_LT(absl::Now() - begin, absl::Milliseconds(100) + kSlack);
}

TEST_F(SentinelTest, AllSentinelsAwayIsJustDegradedUntilOneIsBack) {
  StartServers();
  auto sentinel = StartSentinel();
  ASSERT_NE(sentinel, nullptr);
  Client client({.address = Sentinels({DeadPort(), sentinel->port()})});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  // The connection needs no Sentinel.
  sentinel->Kill();
  EXPECT_OK(client.Set("k", "v", kTtl, Soon()));

  ASSERT_OK(master_->Restart());
  ASSERT_TRUE(WaitUntil([&] { return Reason(client) == "REDIS_SENTINELS_AWAY"; }));
  const absl::Time begin = absl::Now();
  EXPECT_THAT(client.Get("k", Soon()), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_LT(absl::Now() - begin, kSlack);

  ASSERT_OK(sentinel->Restart());
  EXPECT_TRUE(client.WaitUntilConnected(absl::Now() + absl::Seconds(20)));
}

// A Sentinel that lies as we like, in front of real servers.
class StaleSentinelTest : public SentinelTest {
 protected:
  void SetUp() override {
    StartServers();
    named_ = master_->port();
    sentinel_ = std::make_unique<GarbageRedis>([this](absl::string_view request) {
      return absl::StrContains(request, "SENTINEL") ? NamesMaster(named_) : "-ERR no\r\n";
    });
  }

  std::atomic<int> named_ = 0;
  std::unique_ptr<GarbageRedis> sentinel_;
};

TEST_F(StaleSentinelTest, ADemotedMasterIsLeftAtItsFirstReadonly) {
  Client client({.address = Sentinels({sentinel_->port()})});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  ASSERT_OK(client.Set("k", "v", kTtl, Soon()));

  ASSERT_OK(replica_->Command({"REPLICAOF", "NO", "ONE"}));
  ASSERT_OK(master_->Command({"REPLICAOF", "127.0.0.1", absl::StrCat(replica_->port())}));
  ASSERT_TRUE(WaitUntil([&] { return Says(*master_, {"ROLE"}, "slave"); }));
  EXPECT_FALSE(client.Set("k", "v", kTtl, Soon()).ok());
  // The Sentinel has not noticed: the server itself says that it is none.
  ASSERT_TRUE(WaitUntil([&] { return Reason(client) == "REDIS_NOT_MASTER"; }));
  EXPECT_EQ(client.counters().connects, 1);

  named_ = replica_->port();
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  EXPECT_OK(client.Set("k2", "v2", kTtl, Soon()));
  EXPECT_TRUE(Says(*replica_, {"EXISTS", "k2"}, ":1"));
}

TEST_F(StaleSentinelTest, TheOtherSentinelsAreAskedWhenOneNamesAReplica) {
  const auto real = StartSentinel();
  ASSERT_NE(real, nullptr);
  named_ = replica_->port();
  Client client({.address = Sentinels({sentinel_->port(), real->port()})});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  EXPECT_OK(client.Set("k", "v", kTtl, Soon()));
  EXPECT_TRUE(Says(*master_, {"EXISTS", "k"}, ":1"));

  // The one that was right is asked first from now on.
  const int asked = sentinel_->connections();
  ASSERT_TRUE(Says(*master_, {"CLIENT", "KILL", "TYPE", "normal"}, ":"));
  ASSERT_TRUE(WaitUntil([&] { return client.counters().connects == 2; }));
  EXPECT_EQ(sentinel_->connections(), asked);
}

class NoSentinelTest : public SentinelTest,
                       public ::testing::WithParamInterface<GarbageRedis::Mode> {};

TEST_P(NoSentinelTest, IsPassedOver) {
  StartServers();
  const auto real = StartSentinel();
  ASSERT_NE(real, nullptr);
  GarbageRedis garbage(GetParam());
  Client client({.address = Sentinels({garbage.port(), real->port()}),
                 .sentinel_timeout = absl::Milliseconds(100)});
  EXPECT_TRUE(client.WaitUntilConnected(Soon()));
  EXPECT_GE(garbage.connections(), 1);
}

INSTANTIATE_TEST_SUITE_P(
    Modes, NoSentinelTest,
    ::testing::Values(GarbageRedis::Mode::kGarbage, GarbageRedis::Mode::kPingThenGarbage,
                      GarbageRedis::Mode::kWrongTypes, GarbageRedis::Mode::kHugeLength,
                      GarbageRedis::Mode::kUnasked, GarbageRedis::Mode::kArray,
                      GarbageRedis::Mode::kWrongValue, GarbageRedis::Mode::kClose,
                      GarbageRedis::Mode::kSilent));

TEST(WrongMasterTest, AnAnswerThatIsNoAddressIsNeverConnectedTo) {
  for (const std::string answer :
       {"*2\r\n$9\r\n127.0.0.1\r\n$5\r\n99999\r\n", "*2\r\n$0\r\n\r\n$4\r\n6379\r\n",
        "*1\r\n$9\r\n127.0.0.1\r\n", "*2\r\n:1\r\n:2\r\n", "*0\r\n",
        "*2\r\n*1\r\n$1\r\na\r\n$4\r\n6379\r\n", "*2000000\r\n"}) {
    GarbageRedis sentinel([answer](absl::string_view) { return answer; });
    Client client({.address = Sentinels({sentinel.port()})});
    EXPECT_TRUE(WaitUntil([&] { return Reason(client) == "REDIS_SENTINELS_AWAY"; })) << answer;
  }
}

}  // namespace
}  // namespace cityinfo::redis
