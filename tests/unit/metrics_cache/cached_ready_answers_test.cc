#include "services/metrics/cache/cached_ready_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/metrics/cache/caching_metric_reader.h"
#include "services/metrics/cache/memory_metric_cache.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::testing::IsNull;
using ::testing::Pointee;

// One number, whose answer names the question too.
class Source final : public MetricReader {
 public:
  absl::StatusOr<EncodedAnswer> QueryObservations(const ObservationQuery& query,
                                                  absl::Time) override {
    return std::make_shared<const std::string>(
        absl::StrCat(value.load(), "|", query.places.size()));
  }
  std::atomic<int> value = 0;
};

class CachedReadyAnswersTest : public ::testing::Test {
 protected:
  CachedReadyAnswersTest() { Write("gdp"); }

  // Up to the acknowledgement.
  void Write(const std::string& indicator) {
    ++source_.value;
    versions_.Advance(std::vector<DataVersion>{{indicator, ++sequence_, sequence_ * 31}});
  }

  static ObservationQuery Question(std::vector<std::string> indicators,
                                   std::vector<std::string> places = {}) {
    ObservationQuery query{.indicators = std::move(indicators), .places = std::move(places)};
    query.Normalize();
    return query;
  }

  // What a handler does with a request that has no ready answer.
  std::string Ask(const std::string& request, const ObservationQuery& query) {
    const absl::StatusOr<EncodedAnswer> answer =
        reader_.QueryObservations(query, absl::Now() + absl::Seconds(20));
    EXPECT_OK(answer);
    if (!answer.ok()) return "";
    ready_.Remember(request, query);
    return **answer;
  }

  Source source_;
  DataVersions versions_;
  std::int64_t sequence_ = 0;
  telemetry::Metrics metrics_;
  MemoryMetricCache memory_{{}};
  CachingMetricReader reader_{
      source_,  versions_,           [](absl::Time) { return absl::OkStatus(); }, memory_, nullptr,
      metrics_, {.data_set = "city"}};
  CachedReadyAnswers ready_{versions_, memory_, metrics_, {.data_set = "city"}};
};

TEST_F(CachedReadyAnswersTest, GivesTheBytesOfTheAnswerBefore) {
  EXPECT_THAT(ready_.Find("gdp?"), IsNull());
  const std::string answer = Ask("gdp?", Question({"gdp"}));
  EXPECT_THAT(ready_.Find("gdp?"), Pointee(answer));
  EXPECT_THAT(ready_.Find("gdp"), IsNull());
  EXPECT_THAT(ready_.Find(""), IsNull());
}

TEST_F(CachedReadyAnswersTest, EachRequestHasItsOwnAnswer) {
  const std::string all = Ask("all", Question({"gdp"}));
  const std::string two = Ask("two", Question({"gdp"}, {"52", "5226"}));
  ASSERT_NE(all, two);
  EXPECT_THAT(ready_.Find("all"), Pointee(all));
  EXPECT_THAT(ready_.Find("two"), Pointee(two));
}

TEST_F(CachedReadyAnswersTest, AnAcknowledgedWriteLeavesNoAnswerReady) {
  const std::string before = Ask("gdp?", Question({"gdp"}));
  const std::string all = Ask("everything?", Question({}));
  Ask("gdp and sales?", Question({"gdp", "retail_sales"}));
  Write("gdp");
  EXPECT_THAT(ready_.Find("gdp?"), IsNull());
  EXPECT_THAT(ready_.Find("everything?"), IsNull());
  EXPECT_THAT(ready_.Find("gdp and sales?"), IsNull());
  const std::string after = Ask("gdp?", Question({"gdp"}));
  EXPECT_NE(after, before);
  EXPECT_THAT(ready_.Find("gdp?"), Pointee(after));
}

TEST_F(CachedReadyAnswersTest, AWriteToAnotherIndicatorLeavesItReady) {
  const std::string before = Ask("gdp?", Question({"gdp"}));
  Write("retail_sales");
  EXPECT_THAT(ready_.Find("gdp?"), Pointee(before));
}

TEST_F(CachedReadyAnswersTest, AStrongQuestionIsNeverReady) {
  ObservationQuery strong = Question({"gdp"});
  strong.strong = true;
  Ask("strong", strong);
  EXPECT_THAT(ready_.Find("strong"), IsNull());
}

TEST_F(CachedReadyAnswersTest, APageAfterOneThatHasSeenMoreIsNotReadyUntilThisProcessHas) {
  ObservationQuery next = Question({"gdp"});
  next.seen = sequence_ + 1;
  // Answered by a reader that looked at the store.
  Ask("gdp?", Question({"gdp"}));
  ready_.Remember("next page", next);
  EXPECT_THAT(ready_.Find("gdp?"), Pointee(std::string("1|0")));
  EXPECT_THAT(ready_.Find("next page"), IsNull());
  Write("gdp");
  Ask("gdp?", Question({"gdp"}));
  EXPECT_THAT(ready_.Find("next page"), Pointee(std::string("2|0")));
}

TEST_F(CachedReadyAnswersTest, AForgottenAnswerIsNotReady) {
  Ask("gdp?", Question({"gdp"}));
  MemoryMetricCache empty{{}};
  CachedReadyAnswers others(versions_, empty, metrics_, {.data_set = "city"});
  others.Remember("gdp?", Question({"gdp"}));
  EXPECT_THAT(others.Find("gdp?"), IsNull());
}

TEST_F(CachedReadyAnswersTest, WhatItRemembersIsBounded) {
  CachedReadyAnswers small(versions_, memory_, metrics_,
                           {.data_set = "city", .max_bytes = 64 << 10, .max_request_bytes = 64});
  const ObservationQuery query = Question({"gdp"});
  const std::string answer = Ask("gdp?", query);
  small.Remember(std::string(65, 'q'), query);
  EXPECT_THAT(small.Find(std::string(65, 'q')), IsNull());
  for (int i = 0; i < 10'000; ++i) small.Remember(absl::StrCat("request ", i), query);
  EXPECT_THAT(small.Find("request 9999"), Pointee(answer));
  EXPECT_THAT(small.Find("request 0"), IsNull());
}

TEST_F(CachedReadyAnswersTest, CountsAsAHitInMemory) {
  Ask("gdp?", Question({"gdp"}));
  ready_.Find("gdp?");
  ready_.Find("gdp?");
  ready_.Find("sales?");
  EXPECT_EQ(
      metrics_.GetCounter("cityinfo_metrics_cache_hits_total", "", {{"level", "memory"}}).Value(),
      2);
}

TEST_F(CachedReadyAnswersTest, NoReadyAnswerIsOlderThanAnAcknowledgedWrite) {
  const ObservationQuery query = Question({"gdp"});
  std::atomic<int> acknowledged = 1;
  std::atomic<int> found = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const int known = acknowledged;
        const EncodedAnswer ready = ready_.Find("gdp?");
        int value = 0;
        if (ready == nullptr) {
          Ask("gdp?", query);
          continue;
        }
        ASSERT_TRUE(absl::SimpleAtoi(ready->substr(0, ready->find('|')), &value));
        ASSERT_GE(value, known);
        ++found;
      }
    });
  }
  for (int i = 0; i < 2000; ++i) {
    Write("gdp");
    acknowledged = source_.value.load();
  }
  while (found == 0) std::this_thread::yield();
}

}  // namespace
}  // namespace cityinfo::metrics
