#include "services/metrics/cache/redis_metric_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "platform/redis/sealed_value.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::RedisServer;
using ::cityinfo::testing::WaitUntil;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

EncodedAnswer Answer(std::string bytes) {
  return std::make_shared<const std::string>(std::move(bytes));
}

class RedisMetricCacheTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(server_, RedisServer::Start());
    client_ = std::make_unique<redis::Client>(
        redis::ClientOptions{.address = redis::Address::Server(server_->host(), server_->port())});
    ASSERT_TRUE(client_->WaitUntilConnected(absl::Now() + absl::Seconds(10)));
    // Patient, so that a busy machine does not turn a hit into a miss.
    cache_ = std::make_unique<RedisMetricCache>(
        *client_, metrics_, RedisMetricCache::Options{.get_timeout = absl::Seconds(5)});
  }

  void PutAndWait(absl::string_view key, EncodedAnswer answer) {
    const std::int64_t before = client_->counters().writes;
    cache_->Put(key, std::move(answer));
    ASSERT_TRUE(WaitUntil([&] { return client_->counters().writes > before; }));
  }
  std::string Get(absl::string_view key) {
    const std::optional<EncodedAnswer> answer = cache_->Get(key);
    return answer.has_value() ? **answer : "(miss)";
  }
  std::string Run(const std::vector<std::string>& args) {
    const absl::StatusOr<std::string> reply = server_->Command(args);
    return reply.ok() ? *reply : reply.status().ToString();
  }

  std::unique_ptr<RedisServer> server_;
  std::unique_ptr<redis::Client> client_;
  telemetry::Metrics metrics_;
  std::unique_ptr<RedisMetricCache> cache_;
};

TEST_F(RedisMetricCacheTest, GivesBackWhatWasPut) {
  EXPECT_EQ(Get("key"), "(miss)");
  const std::string bytes("\x0a\x00\r\n\xff answer", 12);
  PutAndWait("key", Answer(bytes));
  EXPECT_EQ(Get("key"), bytes);
  EXPECT_EQ(Get("other key"), "(miss)");
}

TEST_F(RedisMetricCacheTest, KeepsEmptyAnswersForAShortTime) {
  PutAndWait("nothing", Answer(""));
  PutAndWait("something", Answer("x"));
  EXPECT_EQ(Get("nothing"), "");
  const auto life = [&](absl::string_view key) {
    const std::string reply = Run({"PTTL", RedisMetricCache::RedisKey(key)});
    int64_t milliseconds = -1;
    absl::string_view text = reply;
    absl::ConsumePrefix(&text, ":");
    EXPECT_TRUE(absl::SimpleAtoi(text, &milliseconds)) << reply;
    return absl::Milliseconds(milliseconds);
  };
  EXPECT_LE(life("nothing"), absl::Minutes(1));
  EXPECT_GT(life("nothing"), absl::Seconds(40));
  EXPECT_LE(life("something"), absl::Hours(1));
  EXPECT_GT(life("something"), absl::Minutes(47));
}

TEST_F(RedisMetricCacheTest, DoesNotStoreWhatIsTooLarge) {
  RedisMetricCache small(*client_, metrics_,
                         {.get_timeout = absl::Seconds(5), .max_answer_bytes = 4});
  small.Put("large", Answer("12345"));
  PutAndWait("next",
             Answer("1234"));  // commands keep their order: the large one would be there now
  EXPECT_EQ(Get("large"), "(miss)");
  EXPECT_EQ(Get("next"), "1234");
}

TEST_F(RedisMetricCacheTest, KeysAreShortWhateverTheQuestion) {
  EXPECT_THAT(RedisMetricCache::RedisKey(std::string(100000, 'q')),
              MatchesRegex("cityinfo:metrics:[0-9a-f]{64}"));
}

TEST_F(RedisMetricCacheTest, GarbageUnderTheKeyIsAMissUntilTheNextFill) {
  PutAndWait("other", Answer("the other's answer"));
  const std::string key = RedisMetricCache::RedisKey("key");
  const std::string sealed_for_another =
      redis::Seal(RedisMetricCache::RedisKey("other"), "the other's answer");
  std::string flipped = redis::Seal(key, "answer");
  flipped.back() ^= 1;
  const std::vector<std::string> garbage = {"garbage",
                                            "answer",
                                            " ",
                                            flipped,
                                            sealed_for_another,
                                            redis::Seal(key, "answer").substr(0, 15),
                                            std::string(200000, 'g')};
  for (size_t i = 0; i < garbage.size(); ++i) {
    ASSERT_THAT(Run({"SET", key, garbage[i]}), HasSubstr("OK"));
    EXPECT_EQ(Get("key"), "(miss)") << i;
    EXPECT_EQ(client_->counters().corrupt, static_cast<int64_t>(i + 1));
  }
  PutAndWait("key", Answer("answer"));
  EXPECT_EQ(Get("key"), "answer");
}

TEST_F(RedisMetricCacheTest, AnotherTypeUnderTheKeyIsAMissUntilTheNextFill) {
  const std::string key = RedisMetricCache::RedisKey("key");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"LPUSH", key, "x"}, {"HSET", key, "f", "x"}, {"SADD", key, "x"}}) {
    Run({"DEL", key});
    ASSERT_THAT(Run(command), HasSubstr("1"));
    EXPECT_EQ(Get("key"), "(miss)");
    PutAndWait("key", Answer("answer"));
    EXPECT_EQ(Get("key"), "answer");
  }
  EXPECT_EQ(cache_->breaker_state(), concurrency::CircuitBreaker::State::kClosed);
}

TEST_F(RedisMetricCacheTest, WhenRedisHangsOnlyAFewLookupsWait) {
  RedisMetricCache cache(*client_, metrics_, {.get_timeout = absl::Milliseconds(20)});
  ReportBreaker(cache, metrics_);
  cache.Put("key", Answer("answer"));
  server_->Stop();
  const absl::Time start = absl::Now();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(cache.Get("key"), std::nullopt);
  // Five lookups of 20 ms open the breaker; without it the thousand would take 20 s.
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_NE(cache.breaker_state(), concurrency::CircuitBreaker::State::kClosed);
  EXPECT_THAT(metrics_.RenderText(),
              HasSubstr("cityinfo_metrics_cache_redis_breaker{state=\"closed\"} 0"));
  server_->Continue();
  EXPECT_TRUE(WaitUntil([&] { return cache.Get("key").has_value(); }));
  EXPECT_EQ(cache.breaker_state(), concurrency::CircuitBreaker::State::kClosed);
  EXPECT_THAT(metrics_.RenderText(),
              HasSubstr("cityinfo_metrics_cache_redis_breaker{state=\"closed\"} 1"));
}

}  // namespace
}  // namespace cityinfo::metrics
