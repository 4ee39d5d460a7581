#include "platform/telemetry/span_queue.h"

#include <string>
#include <thread>

#include "gtest/gtest.h"

namespace cityinfo::telemetry {
namespace {

class SpanQueueTest : public ::testing::Test {
 protected:
  Metrics metrics_;
  Counter& dropped_ = metrics_.GetCounter("dropped_total", "Dropped");
  SpanQueue queue_{3, dropped_};
};

TEST_F(SpanQueueTest, KeepsTheFirstAndCountsWhatFindsItFull) {
  for (const char* name : {"a", "b", "c", "d", "e"}) queue_.Push({.name = name});
  EXPECT_EQ(queue_.size(), 3u);
  EXPECT_EQ(dropped_.Value(), 2);
  const std::vector<Span> taken = queue_.Take(2, absl::InfiniteDuration());
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[0].name, "a");
  EXPECT_EQ(taken[1].name, "b");
  queue_.Push({.name = "f"});
  EXPECT_EQ(queue_.Take(9, absl::ZeroDuration()).size(), 2u);
  EXPECT_EQ(queue_.Take(9, absl::ZeroDuration()).size(), 0u);
}

TEST_F(SpanQueueTest, CutsLongTexts) {
  queue_.Push({.name = "a", .attributes = {{"url.path", std::string(1 << 20, 'x')}}});
  const std::vector<Span> taken = queue_.Take(1, absl::ZeroDuration());
  EXPECT_EQ(std::get<std::string>(taken[0].attributes[0].value).size(),
            SpanQueue::kMaxAttributeBytes);
}

TEST_F(SpanQueueTest, ClosingWakesWhoWaitsAndLetsNothingIn) {
  queue_.Push({.name = "a"});
  std::jthread closer([this] { queue_.Close(); });
  EXPECT_EQ(queue_.Take(2, absl::InfiniteDuration()).size(), 1u);
  queue_.Push({.name = "b"});
  EXPECT_EQ(queue_.size(), 0u);
  EXPECT_EQ(dropped_.Value(), 1);
}

}  // namespace
}  // namespace cityinfo::telemetry
