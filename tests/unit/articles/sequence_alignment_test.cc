#include "services/articles/domain/sequence_alignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace cityinfo::articles {
namespace {

using Numbers = std::vector<uint32_t>;

constexpr int64_t kPlenty = 1'000'000'000;

size_t CountCommon(const std::vector<CommonRun>& runs) {
  size_t common = 0;
  for (const CommonRun& run : runs) common += run.length;
  return common;
}

// The runs say the truth, ascend, and do not touch.
void ExpectSound(const Numbers& before, const Numbers& after, const std::vector<CommonRun>& runs) {
  size_t b = 0;
  size_t a = 0;
  for (size_t r = 0; r < runs.size(); ++r) {
    const CommonRun& run = runs[r];
    ASSERT_GE(run.length, 1);
    ASSERT_GE(run.before_begin, b);
    ASSERT_GE(run.after_begin, a);
    const bool touches = r > 0 && run.before_begin == b && run.after_begin == a;
    ASSERT_FALSE(touches);
    b = run.before_begin + run.length;
    a = run.after_begin + run.length;
    ASSERT_LE(b, before.size());
    ASSERT_LE(a, after.size());
    for (size_t i = 0; i < run.length; ++i) {
      ASSERT_EQ(before[run.before_begin + i], after[run.after_begin + i]);
    }
  }
}

// How much can stay at most, by the plain table.
size_t LongestCommon(const Numbers& before, const Numbers& after) {
  std::vector<std::vector<size_t>> best(before.size() + 1,
                                        std::vector<size_t>(after.size() + 1, 0));
  for (size_t b = before.size(); b-- > 0;) {
    for (size_t a = after.size(); a-- > 0;) {
      best[b][a] =
          before[b] == after[a] ? best[b + 1][a + 1] + 1 : std::max(best[b + 1][a], best[b][a + 1]);
    }
  }
  return best[0][0];
}

Numbers RandomNumbers(std::mt19937& random, size_t max_length, uint32_t alphabet) {
  Numbers numbers(std::uniform_int_distribution<size_t>(0, max_length)(random));
  for (uint32_t& number : numbers) {
    number = std::uniform_int_distribution<uint32_t>(0, alphabet - 1)(random);
  }
  return numbers;
}

TEST(AlignSequences, FindsWhatStays) {
  const Numbers before = {1, 2, 3, 4, 5, 6};
  const Numbers after = {1, 2, 9, 4, 5, 6, 7};
  int64_t steps = kPlenty;
  EXPECT_EQ(AlignSequences(before, after, &steps),
            (std::vector<CommonRun>{{.before_begin = 0, .after_begin = 0, .length = 2},
                                    {.before_begin = 3, .after_begin = 3, .length = 3}}));
  EXPECT_TRUE(AlignSequences({}, after, &steps).empty());
  EXPECT_TRUE(AlignSequences(before, {}, &steps).empty());
  EXPECT_EQ(CountCommon(AlignSequences(before, before, &steps)), before.size());
}

TEST(AlignSequences, KeepsAsMuchAsCanStay) {
  std::mt19937 random(20211220);
  for (int round = 0; round < 3000; ++round) {
    const uint32_t alphabet = 1 + round % 9;
    const Numbers before = RandomNumbers(random, 40, alphabet);
    const Numbers after = RandomNumbers(random, 40, alphabet);
    int64_t steps = kPlenty;
    const std::vector<CommonRun> runs = AlignSequences(before, after, &steps);
    ExpectSound(before, after, runs);
    ASSERT_EQ(CountCommon(runs), LongestCommon(before, after)) << "round " << round;
  }
}

TEST(AlignSequences, IsCoarserButRightWhenTheStepsRunOut) {
  std::mt19937 random(7);
  for (int64_t allowed : {0, 1, 10, 100, 1000}) {
    for (int round = 0; round < 200; ++round) {
      Numbers before = RandomNumbers(random, 200, 5);
      Numbers after = RandomNumbers(random, 200, 5);
      before.insert(before.begin(), {7, 8});
      after.insert(after.begin(), {7, 8});
      int64_t steps = allowed;
      const std::vector<CommonRun> runs = AlignSequences(before, after, &steps);
      ExpectSound(before, after, runs);
      ASSERT_GE(CountCommon(runs), 2) << "the common beginning costs nothing";
    }
  }
}

TEST(AlignSequences, SpendsNoMoreThanAllowed) {
  // Nothing in common: the most work there is.
  Numbers before(5000, 1);
  Numbers after(5000, 2);
  int64_t steps = 100'000;
  EXPECT_TRUE(AlignSequences(before, after, &steps).empty());
  EXPECT_GT(steps, -20'000) << "the round under way when the steps end, not more";
}

}  // namespace
}  // namespace cityinfo::articles
