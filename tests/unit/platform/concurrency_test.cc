#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/clock.h"
#include "platform/base/error.h"
#include "platform/concurrency/circuit_breaker.h"
#include "platform/concurrency/lru_cache.h"
#include "platform/concurrency/single_flight.h"
#include "platform/concurrency/worker_pool.h"
#include "tests/support/wait_until.h"

namespace cityinfo::concurrency {
namespace {

// Long enough for any machine; a test that works never waits this long.
absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

// A task that holds a thread of the pool until it is let go.
struct Gate {
  absl::Notification entered;
  absl::Notification open;

  WorkerPool::Task Task() {
    return [this](absl::Status) {
      entered.Notify();
      open.WaitForNotification();
    };
  }
};

TEST(WorkerPool, RunsWhatItAccepts) {
  WorkerPool pool({.threads = 2, .queue_limit = 1000});
  std::atomic<int> ran = 0;
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(pool.TrySubmit([&ran](absl::Status fate) { ran += fate.ok(); }).ok());
  }
  EXPECT_TRUE(pool.Drain(Soon()).ok());
  EXPECT_EQ(ran, 500);
  EXPECT_EQ(pool.GetStats().finished, 500);
}

TEST(WorkerPool, RefusesWhenFullAndAfterDraining) {
  Gate gate;
  WorkerPool pool({.name = "store pool", .threads = 1, .queue_limit = 2});
  ASSERT_TRUE(pool.TrySubmit(gate.Task()).ok());
  gate.entered.WaitForNotification();
  const auto nothing = [](absl::Status) {};
  EXPECT_TRUE(pool.TrySubmit(nothing).ok());
  EXPECT_TRUE(pool.TrySubmit(nothing).ok());
  const absl::Status full = pool.TrySubmit(nothing);
  EXPECT_TRUE(absl::IsResourceExhausted(full));
  EXPECT_EQ(base::ErrorReason(full), "QUEUE_FULL");
  EXPECT_EQ(pool.GetStats().queued, 2);
  gate.open.Notify();
  EXPECT_TRUE(pool.Drain(Soon()).ok());
  EXPECT_EQ(base::ErrorReason(pool.TrySubmit(nothing)), "SHUTTING_DOWN");
  EXPECT_EQ(pool.GetStats().rejected, 2);
}

TEST(WorkerPool, DropsWhatNobodyWaitsForAnyMore) {
  base::FakeClock clock;
  Gate gate;
  WorkerPool pool({.threads = 1, .clock = &clock});
  ASSERT_TRUE(pool.TrySubmit(gate.Task()).ok());
  gate.entered.WaitForNotification();
  absl::Status expired, cancelled, in_time;
  const absl::Time deadline = clock.Now() + absl::Seconds(1);
  ASSERT_TRUE(pool.TrySubmit([&](absl::Status fate) { expired = fate; }, deadline).ok());
  ASSERT_TRUE(pool.TrySubmit([&](absl::Status fate) { cancelled = fate; }, absl::InfiniteFuture(),
                             [] { return true; })
                  .ok());
  ASSERT_TRUE(
      pool.TrySubmit([&](absl::Status fate) { in_time = fate; }, deadline + absl::Seconds(9)).ok());
  clock.Advance(absl::Seconds(2));
  gate.open.Notify();
  ASSERT_TRUE(pool.Drain(Soon()).ok());
  EXPECT_TRUE(absl::IsDeadlineExceeded(expired));
  EXPECT_TRUE(absl::IsCancelled(cancelled));
  EXPECT_TRUE(in_time.ok());
  EXPECT_EQ(pool.GetStats().dropped, 2);
}

TEST(WorkerPool, AnswersEveryTaskEvenWhenItMayNotFinish) {
  Gate gate;
  absl::Status fate;
  WorkerPool pool({.threads = 1});
  ASSERT_TRUE(pool.TrySubmit(gate.Task()).ok());
  gate.entered.WaitForNotification();
  ASSERT_TRUE(pool.TrySubmit([&](absl::Status dropped) { fate = dropped; }).ok());
  EXPECT_TRUE(absl::IsDeadlineExceeded(pool.Drain(absl::Now())));
  EXPECT_TRUE(absl::IsUnavailable(fate));
  gate.open.Notify();
}

TEST(SingleFlight, SharesOneExecution) {
  SingleFlight<std::string, int> flights;
  absl::Notification leading, answer;
  std::atomic<int> executions = 0;
  const auto execute = [&]() -> absl::StatusOr<int> {
    ++executions;
    leading.Notify();
    answer.WaitForNotification();
    return 7;
  };
  std::vector<std::jthread> callers;
  std::atomic<int> right = 0;
  callers.emplace_back([&] { right += *flights.Do("k", Soon(), execute) == 7; });
  leading.WaitForNotification();
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] { right += *flights.Do("k", Soon(), execute) == 7; });
  }
  ASSERT_TRUE(testing::WaitUntil([&] { return flights.shared() == 8; }));
  EXPECT_EQ(*flights.Do("other", Soon(), []() -> absl::StatusOr<int> { return 1; }), 1);
  answer.Notify();
  callers.clear();
  EXPECT_EQ(right, 9);
  EXPECT_EQ(executions, 1);
}

TEST(SingleFlight, AFollowerHasItsOwnDeadlineAndOutlivesALeaderThatGaveUp) {
  SingleFlight<int, int> flights;
  absl::Notification leading, give_up;
  std::jthread leader([&] {
    const absl::StatusOr<int> result = flights.Do(1, Soon(), [&]() -> absl::StatusOr<int> {
      leading.Notify();
      give_up.WaitForNotification();
      return base::Cancelled("the client left");
    });
    EXPECT_TRUE(absl::IsCancelled(result.status()));
  });
  leading.WaitForNotification();
  const auto answer = []() -> absl::StatusOr<int> { return 2; };
  EXPECT_TRUE(absl::IsDeadlineExceeded(flights.Do(1, absl::Now(), answer).status()));
  std::jthread follower([&] { EXPECT_EQ(*flights.Do(1, Soon(), answer), 2); });
  ASSERT_TRUE(testing::WaitUntil([&] { return flights.shared() == 2; }));
  give_up.Notify();
}

TEST(SingleFlight, OtherErrorsAreSharedAndNothingIsRemembered) {
  SingleFlight<int, int> flights;
  EXPECT_TRUE(absl::IsUnavailable(
      flights.Do(1, Soon(), []() -> absl::StatusOr<int> { return absl::UnavailableError("down"); })
          .status()));
  EXPECT_EQ(*flights.Do(1, Soon(), []() -> absl::StatusOr<int> { return 3; }), 3);
}

class CircuitBreakerTest : public ::testing::Test {
 protected:
  base::FakeClock clock_;
  CircuitBreaker breaker_{
      {.failures_to_open = 2,
       .backoff = {.initial = absl::Seconds(1), .max = absl::Seconds(4), .jitter = 0},
       .probe_timeout = absl::Seconds(3)},
      clock_};

  void Fail(int times) {
    for (int i = 0; i < times; ++i) breaker_.RecordFailure();
  }
};

TEST_F(CircuitBreakerTest, OpensAfterFailuresInARow) {
  Fail(1);
  breaker_.RecordSuccess();
  Fail(1);
  EXPECT_EQ(breaker_.state(), CircuitBreaker::State::kClosed);
  Fail(1);
  EXPECT_EQ(breaker_.state(), CircuitBreaker::State::kOpen);
  EXPECT_FALSE(breaker_.Allow());
  EXPECT_EQ(breaker_.times_opened(), 1);
}

TEST_F(CircuitBreakerTest, LetsOneProbeThrough) {
  Fail(2);
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(breaker_.Allow());
  EXPECT_EQ(breaker_.state(), CircuitBreaker::State::kHalfOpen);
  EXPECT_FALSE(breaker_.Allow());
  breaker_.RecordSuccess();
  EXPECT_EQ(breaker_.state(), CircuitBreaker::State::kClosed);
  EXPECT_TRUE(breaker_.Allow());
}

TEST_F(CircuitBreakerTest, WaitsLongerAfterEachFailedProbe) {
  Fail(2);
  for (int seconds : {1, 2, 4, 4}) {
    clock_.Advance(absl::Seconds(seconds) - absl::Milliseconds(1));
    EXPECT_FALSE(breaker_.Allow());
    clock_.Advance(absl::Milliseconds(1));
    EXPECT_TRUE(breaker_.Allow());
    Fail(1);
  }
  EXPECT_EQ(breaker_.times_opened(), 1);
}

TEST_F(CircuitBreakerTest, ForgetsAProbeThatNeverReports) {
  Fail(2);
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(breaker_.Allow());
  clock_.Advance(absl::Seconds(3));
  EXPECT_TRUE(breaker_.Allow());
}

TEST_F(CircuitBreakerTest, LateReportsDoNotCloseIt) {
  Fail(2);
  breaker_.RecordSuccess();
  Fail(5);
  EXPECT_EQ(breaker_.state(), CircuitBreaker::State::kOpen);
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(breaker_.Allow());
}

using TextCache = LruCache<std::string>;

std::shared_ptr<const std::string> Text(const std::string& text) {
  return std::make_shared<const std::string>(text);
}

TEST(LruCache, ForgetsTheLeastRecentlyUsed) {
  TextCache cache({.max_bytes = 3 * 1200, .shards = 1});
  for (const char* key : {"a", "b", "c"}) cache.Put(key, Text(key), 1000);
  EXPECT_NE(cache.Get("a"), nullptr);
  cache.Put("d", Text("d"), 1000);
  EXPECT_EQ(cache.Get("b"), nullptr);
  EXPECT_EQ(*cache.Get("a"), "a");
  EXPECT_EQ(*cache.Get("d"), "d");
  EXPECT_EQ(cache.GetStats().evictions, 1);
  EXPECT_EQ(cache.GetStats().entries, 3u);
}

TEST(LruCache, NeverHoldsMoreThanItsBytes) {
  TextCache cache({.max_bytes = 64 << 10, .shards = 4});
  for (int i = 0; i < 10'000; ++i) cache.Put(std::to_string(i), Text("x"), i % 300);
  EXPECT_LE(cache.GetStats().bytes, 64u << 10);
  EXPECT_GT(cache.GetStats().entries, 50u);
  cache.Put("huge", Text("x"), 64 << 10);
  EXPECT_EQ(cache.Get("huge"), nullptr);
  cache.Clear();
  EXPECT_EQ(cache.GetStats().bytes, 0u);
}

TEST(LruCache, ReplacesAndErases) {
  TextCache cache({.max_bytes = 1 << 20, .shards = 2});
  cache.Put("k", Text("old"), 3);
  const std::shared_ptr<const std::string> held = cache.Get("k");
  cache.Put("k", Text("new"), 3);
  EXPECT_EQ(*cache.Get("k"), "new");
  EXPECT_EQ(*held, "old");
  EXPECT_EQ(cache.GetStats().entries, 1u);
  cache.Erase("k");
  EXPECT_EQ(cache.Get("k"), nullptr);
  EXPECT_EQ(cache.GetStats().hits, 2);
  EXPECT_EQ(cache.GetStats().misses, 1);
}

TEST(LruCache, ManyThreads) {
  LruCache<int> cache({.max_bytes = 16 << 10, .shards = 4});
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (int i = 0; i < 5000; ++i) {
        const int key = (i * 7 + t) % 300;
        cache.Put(std::to_string(key), std::make_shared<const int>(key), 40);
        const std::shared_ptr<const int> value = cache.Get(std::to_string((i * 3) % 300));
        if (value != nullptr) {
          EXPECT_EQ(*value, (i * 3) % 300);
        }
      }
    });
  }
}

}  // namespace
}  // namespace cityinfo::concurrency
