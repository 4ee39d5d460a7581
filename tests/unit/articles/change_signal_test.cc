#include "services/articles/domain/change_signal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/time/clock.h"

namespace cityinfo::articles {
namespace {

bool Never() { return false; }
absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

TEST(ChangeSignal, DoesNotWaitForWhatHasBeenAnnounced) {
  ChangeSignal signal;
  signal.Announce(5);
  EXPECT_TRUE(signal.WaitBeyond(4, absl::InfiniteFuture(), Never));
  EXPECT_EQ(signal.newest(), 5);
}

TEST(ChangeSignal, GivesUpAtTheDeadline) {
  ChangeSignal signal;
  signal.Announce(5);
  EXPECT_FALSE(signal.WaitBeyond(5, absl::Now() + absl::Milliseconds(10), Never));
}

TEST(ChangeSignal, NeverGoesBack) {
  ChangeSignal signal;
  signal.Announce(5);
  signal.Announce(3);
  EXPECT_EQ(signal.newest(), 5);
}

TEST(ChangeSignal, WakesEveryWaiter) {
  ChangeSignal signal;
  std::atomic<int> woken{0};
  std::vector<std::jthread> waiters;
  for (int i = 0; i < 8; ++i) {
    waiters.emplace_back([&] { woken += signal.WaitBeyond(0, Soon(), Never) ? 1 : 0; });
  }
  signal.Announce(1);
  waiters.clear();
  EXPECT_EQ(woken, 8);
}

TEST(ChangeSignal, AWaiterThatIsStoppedReturns) {
  ChangeSignal signal;
  std::atomic<bool> stopped{false};
  bool result = true;
  std::jthread waiter(
      [&] { result = signal.WaitBeyond(0, Soon(), [&] { return stopped.load(); }); });
  stopped = true;
  signal.Wake();
  waiter.join();
  EXPECT_FALSE(result);
}

}  // namespace
}  // namespace cityinfo::articles
