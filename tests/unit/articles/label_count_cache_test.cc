#include "services/articles/rpc/label_count_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using testing::IsOkAndHolds;

class LabelCountCacheTest : public ::testing::Test {
 protected:
  // Counting takes `took_` and gives how often it was done.
  absl::StatusOr<LabelCountCache::Counts> Get() {
    return cache_.Get(
        [this]() -> absl::StatusOr<LabelCountCache::Counts> {
          now_ += took_;
          ++counted_;
          if (fails_) return absl::UnavailableError("the store is away");
          return LabelCountCache::Counts{{"交通", counted_}};
        },
        [this] { return now_; });
  }

  LabelCountCache cache_;
  absl::Time now_ = absl::UnixEpoch();
  absl::Duration took_ = absl::Milliseconds(100);
  int counted_ = 0;
  bool fails_ = false;
};

TEST_F(LabelCountCacheTest, WhatTookLongIsGivenAgainForTenTimesAsLong) {
  EXPECT_THAT(Get(), IsOkAndHolds(ElementsAre(LabelCount{"交通", 1})));
  now_ += absl::Milliseconds(999);
  EXPECT_THAT(Get(), IsOkAndHolds(ElementsAre(LabelCount{"交通", 1})));
  now_ += absl::Milliseconds(1);
  EXPECT_THAT(Get(), IsOkAndHolds(ElementsAre(LabelCount{"交通", 2})));
}

TEST_F(LabelCountCacheTest, WhatWasQuickIsCountedEachTime) {
  took_ = LabelCountCache::kQuick - absl::Nanoseconds(1);
  EXPECT_THAT(Get(), IsOkAndHolds(ElementsAre(LabelCount{"交通", 1})));
  EXPECT_THAT(Get(), IsOkAndHolds(ElementsAre(LabelCount{"交通", 2})));
}

TEST_F(LabelCountCacheTest, NothingIsKeptBeyondTheLongest) {
  took_ = absl::Seconds(5);
  EXPECT_OK(Get());
  now_ += LabelCountCache::kLongest;
  EXPECT_THAT(Get(), IsOkAndHolds(ElementsAre(LabelCount{"交通", 2})));
}

TEST_F(LabelCountCacheTest, AnErrorIsNotKept) {
  fails_ = true;
  EXPECT_THAT(Get(), testing::StatusIs(absl::StatusCode::kUnavailable));
  fails_ = false;
  EXPECT_THAT(Get(), IsOkAndHolds(ElementsAre(LabelCount{"交通", 2})));
}

TEST_F(LabelCountCacheTest, WhoComesWhileSomebodyCountsAnewGetsTheOldCounts) {
  EXPECT_OK(Get());
  now_ += absl::Seconds(1);
  bool asked = false;
  const auto inner = [&]() -> absl::StatusOr<LabelCountCache::Counts> {
    if (!asked) {
      asked = true;
      EXPECT_THAT(Get(), IsOkAndHolds(ElementsAre(LabelCount{"交通", 1})));
    }
    now_ += took_;
    return LabelCountCache::Counts{{"交通", 7}};
  };
  EXPECT_THAT(cache_.Get(inner, [this] { return now_; }),
              IsOkAndHolds(ElementsAre(LabelCount{"交通", 7})));
  EXPECT_EQ(counted_, 1);
  EXPECT_THAT(Get(), IsOkAndHolds(ElementsAre(LabelCount{"交通", 7})));
}

}  // namespace
}  // namespace cityinfo::articles
