#include "services/metrics/cache/memory_metric_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"

namespace cityinfo::metrics {
namespace {

using ::testing::Optional;
using ::testing::Pointee;

EncodedAnswer Answer(std::string bytes) {
  return std::make_shared<const std::string>(std::move(bytes));
}

TEST(MemoryMetricCacheTest, GivesBackTheSameBytesWithoutCopying) {
  MemoryMetricCache cache({});
  const EncodedAnswer answer = Answer("bytes");
  cache.Put("key", answer);
  EXPECT_EQ(cache.Get("key"), answer);
  EXPECT_EQ(cache.Get("other"), std::nullopt);
}

TEST(MemoryMetricCacheTest, KeepsEmptyAnswersToo) {
  MemoryMetricCache cache({});
  cache.Put("nothing", Answer(""));
  EXPECT_THAT(cache.Get("nothing"), Optional(Pointee(std::string())));
}

TEST(MemoryMetricCacheTest, StaysWithinItsBytes) {
  MemoryMetricCache cache({.max_bytes = 64 << 10, .max_empty_bytes = 16 << 10});
  for (int i = 0; i < 5000; ++i) {
    cache.Put(absl::StrCat("key ", i), Answer(std::string(100, 'x')));
    cache.Put(absl::StrCat("empty ", i), Answer(""));
    ASSERT_LE(cache.GetStats().bytes, 80u << 10);
  }
  EXPECT_GT(cache.GetStats().evictions, 0);
  EXPECT_NE(cache.Get("key 4999"), std::nullopt);
}

TEST(MemoryMetricCacheTest, QuestionsAboutNothingPushOutNoAnswer) {
  MemoryMetricCache cache({.max_bytes = 64 << 10, .max_empty_bytes = 16 << 10});
  cache.Put("gdp", Answer("281.76"));
  for (int i = 0; i < 10000; ++i) cache.Put(absl::StrCat("made up ", i), Answer(""));
  EXPECT_THAT(cache.Get("gdp"), Optional(Pointee(std::string("281.76"))));
}

TEST(MemoryMetricCacheTest, DoesNotKeepWhatIsTooLarge) {
  MemoryMetricCache cache({.max_answer_bytes = 10});
  cache.Put("key", Answer(std::string(11, 'x')));
  EXPECT_EQ(cache.Get("key"), std::nullopt);
}

}  // namespace
}  // namespace cityinfo::metrics
