#include "services/metrics/domain/record_clock.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "absl/synchronization/notification.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;

TEST(RecordClockTest, TimesRiseThoughTheClockDoesNot) {
  base::FakeClock clock;
  RecordClock record(clock, clock.Now() + absl::Hours(1));
  const absl::Time first = record.BeginWrite().time();
  EXPECT_GT(first, clock.Now() + absl::Hours(1));
  const absl::Time third = record.BeginWrite(3).time(2);
  EXPECT_GT(third, first);
  EXPECT_GT(record.BeginWrite().time(), third);
}

TEST(RecordClockTest, AQuestionAboutTheFutureIsRefused) {
  base::FakeClock clock;
  RecordClock record(clock, absl::UnixEpoch());
  EXPECT_THAT(record.Settle(clock.Now() + absl::Microseconds(1), absl::InfiniteFuture()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_OK(record.Settle(clock.Now(), absl::InfiniteFuture()));
  EXPECT_GT(record.BeginWrite().time(), clock.Now());
}

TEST(RecordClockTest, AQuestionWaitsForTheWriteThatMayConcernIt) {
  base::FakeClock clock;
  RecordClock record(clock, absl::UnixEpoch());
  std::optional<RecordClock::Write> write(record.BeginWrite());
  EXPECT_OK(record.Settle(write->time() - absl::Microseconds(1), absl::InfinitePast()));
  EXPECT_THAT(record.Settle(write->time(), absl::Now() + absl::Milliseconds(1)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  const absl::Time moment = write->time();
  absl::Notification settled;
  std::jthread asker([&] {
    EXPECT_OK(record.Settle(moment, absl::Now() + absl::Seconds(10)));
    settled.Notify();
  });
  write.reset();
  EXPECT_TRUE(settled.WaitForNotificationWithTimeout(absl::Seconds(10)));
}

}  // namespace
}  // namespace cityinfo::metrics
