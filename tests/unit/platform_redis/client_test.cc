#include "platform/redis/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"
#include "tests/unit/platform_redis/loopback.h"

namespace cityinfo::redis {
namespace {

using ::testing::HasSubstr;
using testing::IsOkAndHolds;
using ::testing::Optional;
using testing::RedisServer;
using testing::StatusIs;
using testing::WaitUntil;

absl::Time Soon() { return absl::Now() + absl::Seconds(5); }
constexpr absl::Duration kTtl = absl::Minutes(1);

class ClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(server_, RedisServer::Start());
    client_ = std::make_unique<Client>(ClientOptions{.address = At(server_->port())});
    ASSERT_TRUE(client_->WaitUntilConnected(Soon()));
  }

  std::unique_ptr<RedisServer> server_;
  std::unique_ptr<Client> client_;
};

TEST_F(ClientTest, WhatIsSetIsGot) {
  EXPECT_THAT(client_->Get("k", Soon()), IsOkAndHolds(std::nullopt));
  EXPECT_OK(client_->Set("k", "v", kTtl, Soon()));
  EXPECT_THAT(client_->Get("k", Soon()), IsOkAndHolds(Optional(std::string("v"))));
  EXPECT_OK(client_->Ping(Soon()));
  EXPECT_EQ(client_->counters().hits, 1);
  EXPECT_EQ(client_->counters().misses, 1);
  EXPECT_EQ(client_->counters().writes, 1);
}

TEST_F(ClientTest, KeysAndValuesAreBytes) {
  const std::string key("k\0\r\n键", 7);
  const std::string value("\0\r\n$5\r\n", 7);
  EXPECT_OK(client_->Set(key, value, kTtl, Soon()));
  EXPECT_THAT(client_->Get(key, Soon()), IsOkAndHolds(Optional(value)));
  EXPECT_OK(client_->Set("empty", "", kTtl, Soon()));
  EXPECT_THAT(client_->Get("empty", Soon()), IsOkAndHolds(Optional(std::string())));
}

TEST_F(ClientTest, ALargeValueComesBackWhole) {
  std::string value(5 << 20, 'x');
  for (size_t i = 0; i < value.size(); i += 997) value[i] = static_cast<char>(i);
  EXPECT_OK(client_->Set("large", value, kTtl, Soon()));
  ASSERT_OK_AND_ASSIGN(const std::optional<std::string> got, client_->Get("large", Soon()));
  EXPECT_TRUE(got == value);
}

TEST_F(ClientTest, AValueTooLargeOrWithoutTimeToLiveIsRefused) {
  EXPECT_THAT(client_->Set("k", std::string(9 << 20, 'x'), kTtl, Soon()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("bytes")));
  EXPECT_THAT(client_->Set("k", "v", absl::ZeroDuration(), Soon()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("ttl")));
}

TEST_F(ClientTest, ValuesExpire) {
  EXPECT_OK(client_->Set("k", "v", absl::Milliseconds(30), Soon()));
  EXPECT_TRUE(WaitUntil([&] {
    const auto got = client_->Get("k", Soon());
    return got.ok() && !got->has_value();
  }));
}

TEST_F(ClientTest, ABackgroundSetArrives) {
  client_->SetInBackground("k", "v", kTtl);
  EXPECT_THAT(client_->Get("k", Soon()), IsOkAndHolds(Optional(std::string("v"))));
}

TEST_F(ClientTest, AForeignValueIsAMiss) {
  ASSERT_OK(server_->Command({"SET", "k", "written by somebody else"}));
  EXPECT_THAT(client_->Get("k", Soon()), IsOkAndHolds(std::nullopt));
  EXPECT_EQ(client_->counters().corrupt, 1);
}

TEST_F(ClientTest, AWrongTypeUnderTheKeyIsRefusedAndTheConnectionStays) {
  ASSERT_OK(server_->Command({"LPUSH", "k", "a", "b"}));
  EXPECT_THAT(client_->Get("k", Soon()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("WRONGTYPE")));
  EXPECT_OK(client_->Set("k", "v", kTtl, Soon()));
  EXPECT_THAT(client_->Get("k", Soon()), IsOkAndHolds(Optional(std::string("v"))));
  EXPECT_EQ(client_->counters().drops, 0);
}

TEST_F(ClientTest, ManyThreadsShareTheConnection) {
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 300; ++i) {
          const std::string key = absl::StrCat("k", t, "-", i % 17);
          const std::string value = absl::StrCat("v", t, "-", i);
          if (!client_->Set(key, value, kTtl, Soon()).ok()) continue;
          const auto got = client_->Get(key, Soon());
          if (got.ok() && *got == value) ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, 8 * 300);
  EXPECT_EQ(client_->counters().connects, 1);
}

TEST(ClientPasswordTest, ThePasswordOpensTheDoor) {
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start({.password = "s3cret"}));
  Client with({.address = At(server->port()), .password = {.text = "s3cret"}});
  ASSERT_TRUE(with.WaitUntilConnected(Soon()));
  EXPECT_OK(with.Set("k", "v", kTtl, Soon()));

  Client without({.address = At(server->port()), .password = {.text = "wrong"}});
  EXPECT_FALSE(without.WaitUntilConnected(absl::Now() + absl::Milliseconds(300)));
  EXPECT_THAT(without.Get("k", Soon()), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(ClientMemoryTest, AFullRedisRefusesWritesAndStillAnswersReads) {
  ASSERT_OK_AND_ASSIGN(const auto server,
                       RedisServer::Start({.extra_args = {"--maxmemory", "2mb",
                                                          "--maxmemory-policy", "noeviction"}}));
  Client client({.address = At(server->port())});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  EXPECT_OK(client.Set("first", "v", kTtl, Soon()));
  absl::Status status;
  for (int i = 0; i < 100 && status.ok(); ++i) {
    status = client.Set(absl::StrCat("k", i), std::string(100000, 'x'), kTtl, Soon());
  }
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("OOM")));
  EXPECT_THAT(client.Get("first", Soon()), IsOkAndHolds(Optional(std::string("v"))));
  EXPECT_EQ(client.state(), State::kConnected);
}

}  // namespace
}  // namespace cityinfo::redis
