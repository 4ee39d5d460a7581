// What the client does when Redis is anything but well.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/redis/client.h"
#include "tests/support/garbage_redis.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"
#include "tests/unit/platform_redis/loopback.h"

namespace cityinfo::redis {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;
using testing::GarbageRedis;
using testing::IsOkAndHolds;
using ::testing::Optional;
using testing::RedisServer;
using testing::StatusIs;
using testing::WaitUntil;

constexpr absl::Duration kTtl = absl::Minutes(1);
absl::Time Soon() { return absl::Now() + absl::Seconds(5); }

// A deadline is kept when the call is back within this much of it: two busy cores may delay a
// thread.
constexpr absl::Duration kSlack = absl::Milliseconds(200);

TEST(RedisFaultsTest, NobodyListensMissesAtOnce) {
  int port = 0;
  {
    GarbageRedis gone(GarbageRedis::Mode::kClose);
    port = gone.port();
  }
  Client client({.address = At(port)});
  const absl::Time begin = absl::Now();
  EXPECT_THAT(client.Get("k", Soon()), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_LT(absl::Now() - begin, kSlack);
  EXPECT_EQ(client.state(), State::kDegraded);
}

TEST(RedisFaultsTest, AnUnknownHostIsJustDegraded) {
  Client client({.address = Address::Server("no-such-host.invalid", 6379)});
  EXPECT_THAT(client.Get("k", Soon()), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(RedisFaultsTest, AStoppedRedisCostsTheDeadlineThenNothingAndComesBackWithinASecond) {
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start());
  Client client({.address = At(server->port())});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  ASSERT_OK(client.Set("k", "v", kTtl, Soon()));

  server->Stop();
  const absl::Time begin = absl::Now();
  EXPECT_THAT(client.Get("k", absl::Now() + absl::Milliseconds(50)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_LT(absl::Now() - begin, absl::Milliseconds(50) + kSlack);
  ASSERT_TRUE(WaitUntil([&] { return client.state() == State::kDegraded; }));
  EXPECT_THAT(client.Get("k", Soon()), StatusIs(absl::StatusCode::kUnavailable));

  server->Continue();
  const absl::Time well = absl::Now();
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  EXPECT_LT(absl::Now() - well, absl::Seconds(1) + kSlack);
  EXPECT_THAT(client.Get("k", Soon()), IsOkAndHolds(Optional(std::string("v"))));
}

TEST(RedisFaultsTest, AnIdleConnectionNoticesByItself) {
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start());
  Client client({.address = At(server->port()), .stall_timeout = absl::Milliseconds(200)});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  server->Stop();
  EXPECT_TRUE(WaitUntil([&] { return client.state() == State::kDegraded; }));
}

TEST(RedisFaultsTest, ALateReplyIsDroppedAndTheConnectionStays) {
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start());
  Client client({.address = At(server->port()), .stall_timeout = absl::Seconds(30)});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  ASSERT_OK(client.Set("a", "of a", kTtl, Soon()));
  ASSERT_OK(client.Set("b", "of b", kTtl, Soon()));

  server->Stop();
  EXPECT_THAT(client.Get("a", absl::Now() + absl::Milliseconds(20)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  server->Continue();
  // The answer for "a" is on its way first; nobody may take it for that of "b".
  EXPECT_THAT(client.Get("b", Soon()), IsOkAndHolds(Optional(std::string("of b"))));
  EXPECT_EQ(client.counters().timeouts, 1);
  EXPECT_EQ(client.counters().late_replies, 1);
  EXPECT_EQ(client.counters().drops, 0);
}

TEST(RedisFaultsTest, OutstandingCommandsAreBounded) {
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start());
  Client client(
      {.address = At(server->port()), .max_outstanding = 3, .stall_timeout = absl::Seconds(30)});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  server->Stop();
  for (int i = 0; i < 3; ++i) {
    // An idle PING may have taken one place already.
    EXPECT_THAT(
        client.Get("k", absl::Now() + absl::Milliseconds(5)).status().code(),
        AnyOf(Eq(absl::StatusCode::kDeadlineExceeded), Eq(absl::StatusCode::kResourceExhausted)));
  }
  EXPECT_THAT(client.Get("k", Soon()), StatusIs(absl::StatusCode::kResourceExhausted));
  server->Continue();
  EXPECT_TRUE(WaitUntil([&] { return client.Get("k", Soon()).ok(); }));
}

TEST(RedisFaultsTest, OutstandingBytesAreBounded) {
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start());
  Client client({.address = At(server->port()),
                 .max_outstanding_bytes = 1 << 20,
                 .stall_timeout = absl::Seconds(30)});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  server->Stop();
  const std::string value(700 << 10, 'x');
  EXPECT_THAT(client.Set("k", value, kTtl, absl::Now() + absl::Milliseconds(5)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(client.Set("k", value, kTtl, Soon()), StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST(RedisFaultsTest, ARedisThatDiesAndComesBackEmptyIsUsedAgainWithinASecond) {
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start());
  Client client({.address = At(server->port())});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  ASSERT_OK(client.Set("k", "v", kTtl, Soon()));
  server->Kill();
  ASSERT_TRUE(WaitUntil([&] { return client.state() == State::kDegraded; }));
  ASSERT_OK(server->Restart());
  const absl::Time well = absl::Now();
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  EXPECT_LT(absl::Now() - well, absl::Seconds(1) + kSlack);
  EXPECT_THAT(client.Get("k", Soon()), IsOkAndHolds(std::nullopt));
  EXPECT_EQ(client.counters().connects, 2);
  EXPECT_EQ(client.counters().drops, 1);
}

TEST(RedisFaultsTest, CallersUnderFireAlwaysComeBackInTime) {
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start());
  Client client({.address = At(server->port()), .stall_timeout = absl::Milliseconds(100)});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  std::atomic<int64_t> late{0}, wrong{0}, calls{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t](std::stop_token stop) {
        for (int i = 0; !stop.stop_requested(); ++i, ++calls) {
          const std::string key = absl::StrCat(t, ":", i % 5);
          const absl::Time deadline = absl::Now() + absl::Milliseconds(20);
          if (i % 3 == 0) client.SetInBackground(key, key, kTtl);
          const auto got = client.Get(key, deadline);
          if (got.ok() && got->has_value() && **got != key) ++wrong;
          if (absl::Now() > deadline + absl::Milliseconds(500)) ++late;
        }
      });
    }
    for (int round = 0; round < 3; ++round) {
      server->Stop();
      EXPECT_TRUE(WaitUntil([&] { return client.state() == State::kDegraded; }));
      server->Continue();
      EXPECT_TRUE(client.WaitUntilConnected(Soon()));
      ASSERT_OK(server->Restart());
      EXPECT_TRUE(WaitUntil([&] { return client.Ping(Soon()).ok(); }));
    }
    for (std::jthread& thread : threads) thread.request_stop();
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(late, 0);
  EXPECT_GT(calls, 100);
}

class GarbageTest : public ::testing::TestWithParam<GarbageRedis::Mode> {};

TEST_P(GarbageTest, IsNeverAnAnswer) {
  GarbageRedis server(GetParam());
  Client client({.address = At(server.port()),
                 .connect_timeout = absl::Milliseconds(50),
                 .stall_timeout = absl::Milliseconds(50),
                 .reconnect_initial = absl::Milliseconds(5),
                 .reconnect_max = absl::Milliseconds(10)});
  // Through several connections, so that what is left of one cannot be taken for an answer of the
  // next.
  const auto try_all = [&] {
    const absl::Time begin = absl::Now();
    const auto got = client.Get("k", absl::Now() + absl::Milliseconds(30));
    EXPECT_TRUE(!got.ok() || !got->has_value()) << "answered: " << **got;
    EXPECT_LT(absl::Now() - begin, absl::Milliseconds(30) + kSlack);
    client.SetInBackground("k", "v", kTtl);
    (void)client.Set("k", "v", kTtl, absl::Now() + absl::Milliseconds(5));
  };
  EXPECT_TRUE(WaitUntil([&] {
    try_all();
    return server.connections() >= 5;
  }));
}

INSTANTIATE_TEST_SUITE_P(
    Modes, GarbageTest,
    ::testing::Values(GarbageRedis::Mode::kGarbage, GarbageRedis::Mode::kPingThenGarbage,
                      GarbageRedis::Mode::kWrongTypes, GarbageRedis::Mode::kHugeLength,
                      GarbageRedis::Mode::kUnasked, GarbageRedis::Mode::kArray,
                      GarbageRedis::Mode::kWrongValue, GarbageRedis::Mode::kClose,
                      GarbageRedis::Mode::kSilent));

TEST(RedisFaultsTest, TheRealOneTakesOverFromGarbage) {
  auto garbage = std::make_unique<GarbageRedis>(GarbageRedis::Mode::kGarbage);
  const int port = garbage->port();
  Client client({.address = At(port)});
  EXPECT_TRUE(WaitUntil([&] { return garbage->connections() > 0; }));
  garbage.reset();
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start({.port = port}));
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  EXPECT_OK(client.Set("k", "v", kTtl, Soon()));
}

}  // namespace
}  // namespace cityinfo::redis
