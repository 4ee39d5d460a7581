// Who may harvest, and that nobody else does.
#include <gmock/gmock.h>

#include "platform/base/error.h"
#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::WaitUntil;
using ::testing::SizeIs;

constexpr absl::Duration kTtl = absl::Seconds(6);

std::optional<HarvestLease> Take(MetricStore& store, absl::string_view holder,
                                 absl::Duration ttl = kTtl) {
  const auto lease = store.AcquireHarvest(holder, ttl, Soon());
  EXPECT_OK(lease);
  return lease.value_or(std::nullopt);
}

TEST_P(MetricStoreTest, OneHoldsTheLeaseUntilItIsGivenBack) {
  const std::optional<HarvestLease> first = Take(*store_, "a");
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->term, 1);
  EXPECT_EQ(Take(*store_, "b"), std::nullopt);
  ASSERT_OK(store_->RenewHarvest(*first, Soon()));
  EXPECT_EQ(Take(*store_, "b"), std::nullopt);
  ASSERT_OK(store_->ReleaseHarvest(*first, Soon()));
  const std::optional<HarvestLease> second = Take(*store_, "b");
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->term, 2);
}

TEST_P(MetricStoreTest, ALeaseThatRanOutPassesOn) {
  ASSERT_TRUE(Take(*store_, "a", absl::Milliseconds(1)).has_value());
  // Whichever clock the store goes by.
  EXPECT_TRUE(WaitUntil([&] {
    clock_.Advance(absl::Milliseconds(1));
    return Take(*store_, "b").has_value();
  }));
}

TEST_P(MetricStoreTest, WhoHasLostTheLeaseIsFenced) {
  const std::optional<HarvestLease> old = Take(*store_, "a");
  ASSERT_TRUE(old.has_value());
  ASSERT_OK(ApplyOne(*store_, Publish("articles/a", 1, {GdpFigure("281.76")}), *old));
  ASSERT_OK(store_->ReleaseHarvest(*old, Soon()));
  const std::optional<HarvestLease> present = Take(*store_, "b");
  ASSERT_TRUE(present.has_value());

  const ArticleChange late = Publish("articles/b", 1, {GdpFigure("300", 2021)});
  const absl::Status refused = ApplyOne(*store_, late, *old).status();
  EXPECT_TRUE(absl::IsAborted(refused)) << refused;
  EXPECT_EQ(base::ErrorReason(refused), "HARVEST_FENCED");
  EXPECT_EQ(base::ErrorReason(store_->RenewHarvest(*old, Soon())), "HARVEST_FENCED");
  EXPECT_EQ(base::ErrorReason(ApplyOne(*store_, late).status()), "HARVEST_FENCED")
      << "nor may who never took it";
  ASSERT_OK(store_->ReleaseHarvest(*old, Soon()));
  EXPECT_EQ(Take(*store_, "c"), std::nullopt) << "not the fenced one's to give back";
  EXPECT_EQ(*store_->HarvestPosition(), 1);
  EXPECT_THAT(Query(), SizeIs(1));

  ASSERT_OK(ApplyOne(*store_, late, *present));
  EXPECT_THAT(Query(), SizeIs(2));
}

TEST_P(MetricStoreTest, ALeaseThatRanOutButNobodyTookStillWrites) {
  const std::optional<HarvestLease> lease = Take(*store_, "a", absl::Nanoseconds(1));
  ASSERT_TRUE(lease.has_value());
  clock_.Advance(absl::Seconds(1));
  EXPECT_OK(ApplyOne(*store_, Publish("articles/a", 1, {GdpFigure("281.76")}), *lease));
  EXPECT_OK(store_->RenewHarvest(*lease, Soon()));
}

// So that a holder busy writing does not lose it for want of a turn.
TEST_P(MetricStoreTest, WhoWritesUnderTheLeaseRenewsIt) {
  std::optional<HarvestLease> lease = Take(*store_, "a", absl::Nanoseconds(1));
  ASSERT_TRUE(lease.has_value());
  lease->ttl = kTtl;
  ASSERT_OK(ApplyOne(*store_, Publish("articles/a", 1, {GdpFigure("281.76")}), *lease));
  EXPECT_EQ(Take(*store_, "b"), std::nullopt);
}

}  // namespace
}  // namespace cityinfo::metrics
