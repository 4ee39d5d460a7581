#include "services/articles/rpc/watcher_positions.h"

#include <optional>

#include "gtest/gtest.h"

namespace cityinfo::articles {
namespace {

TEST(WatcherPositions, KnowsTheSlowest) {
  WatcherPositions list;
  EXPECT_EQ(list.count(), 0);
  EXPECT_EQ(list.slowest(), std::nullopt);
  {
    WatcherPositions::Seat fast(&list, 0);
    WatcherPositions::Seat slow(&list, 0);
    EXPECT_EQ(list.count(), 2);
    EXPECT_EQ(list.slowest(), 0);
    fast.MoveTo(7);
    EXPECT_EQ(list.slowest(), 0);
    slow.MoveTo(5);
    EXPECT_EQ(list.slowest(), 5);
    {
      WatcherPositions::Seat late(&list, 2);
      EXPECT_EQ(list.slowest(), 2);
    }
    EXPECT_EQ(list.slowest(), 5);
    EXPECT_EQ(list.count(), 2);
  }
  EXPECT_EQ(list.count(), 0);
}

TEST(WatcherPositions, ASeatWithoutAListIsFine) {
  WatcherPositions::Seat seat(nullptr, 1);
  seat.MoveTo(2);
}

}  // namespace
}  // namespace cityinfo::articles
