// Whatever Redis does, every read answers the same bytes, and the suite says that it is degraded.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/suite.h"
#include "tests/support/garbage_redis.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::e2e {
namespace {

using testing::GarbageRedis;
using testing::WaitUntil;

constexpr char kPage[] =
    "五年发展成绩单\n\n○通讯员 "
    "石头\n\n2020年，全市地区生产总值达281.76亿元，年均增长5.9%；社会消费品零售总额年均增长9.6%"
    "。\n";

class RedisFaults : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(suite_, Suite::Start());
    ASSERT_OK(suite_->ImportPage(kPage));
    ASSERT_TRUE(WaitUntil([&] {
      return !Body("/v1/observations?indicators=gdp&places=522601").empty() &&
             Body("/v1/figures").find("281.76") != std::string::npos;
    }));
    for (const std::string& read : Reads()) well_[read] = Body(read);
  }

  static std::vector<std::string> Reads() {
    return {"/v1/observations?indicators=gdp&places=522601", "/v1/observations?places=522601",
            "/v1/observations?indicators=retail_sales", "/v1/progress?places=522601",
            "/v1/indicators?page_size=5"};
  }

  std::string Body(const std::string& target) {
    auto response = suite_->Client(false).http().Send("GET", target);
    EXPECT_OK(response);
    if (!response.ok()) return "";
    EXPECT_EQ(response->status, 200) << target << ": " << response->body;
    return response->body;
  }

  // Every read, several times: the first may find the fault, the next the breaker open.
  void ExpectTheSameBytes() {
    for (int round = 0; round < 3; ++round) {
      for (const std::string& read : Reads()) EXPECT_EQ(Body(read), well_[read]) << read;
    }
  }

  void ExpectState(const std::string& state, int exit_code) {
    Json ready;
    EXPECT_TRUE(WaitUntil([&] {
      Body(Reads()[0]);  // a degraded cache is noticed when it is used
      auto answer = suite_->Get("/readyz");
      if (!answer.ok()) return false;
      ready = *answer;
      return ready["status"] == state;
    })) << ready.dump();
    EXPECT_EQ(suite_->Cityctl({"status"}).exit_code, exit_code);
  }

  std::unique_ptr<Suite> suite_;
  std::map<std::string, std::string> well_;
};

TEST_F(RedisFaults, Killed) {
  suite_->redis().Kill();
  ExpectTheSameBytes();
  ExpectState("degraded", 10);
  ASSERT_OK(suite_->redis().Restart());
  ExpectState("ok", 0);
  ExpectTheSameBytes();
}

TEST_F(RedisFaults, Hung) {
  suite_->redis().Stop();
  ExpectTheSameBytes();
  ExpectState("degraded", 10);
  suite_->redis().Continue();
  ExpectState("ok", 0);
  ExpectTheSameBytes();
}

TEST_F(RedisFaults, RestartedEmpty) {
  ASSERT_OK(suite_->redis().Restart());
  ExpectTheSameBytes();
  ExpectState("ok", 0);
}

TEST_F(RedisFaults, AnsweringGarbage) {
  const int port = suite_->redis().port();
  suite_->redis().Kill();
  {
    GarbageRedis garbage(GarbageRedis::Mode::kGarbage, port);
    ExpectTheSameBytes();
    ExpectState("degraded", 10);
  }
  {
    GarbageRedis garbage(GarbageRedis::Mode::kWrongTypes, port);
    ExpectTheSameBytes();
  }
}

}  // namespace
}  // namespace cityinfo::e2e
