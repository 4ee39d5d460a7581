#include "services/articles/upkeep_thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "tests/support/wait_until.h"

namespace cityinfo::articles {
namespace {

using ::testing::HasSubstr;
using testing::WaitUntil;

constexpr absl::Duration kTimeout = absl::Seconds(4);

// Stands for a store: answers with what the test says, and keeps when it was asked: by the deadline
// it was given, for a slow machine may let any time pass until it hears of it.
class Archive {
 public:
  absl::StatusOr<Upkeep> KeepUp(absl::Time deadline) {
    absl::MutexLock lock(&mutex_);
    asked_.push_back(deadline - kTimeout);
    return answer_(static_cast<int>(asked_.size()));
  }
  // `answer` gets the number of the question, from 1.
  void Answer(std::function<absl::StatusOr<Upkeep>(int)> answer) {
    absl::MutexLock lock(&mutex_);
    answer_ = std::move(answer);
  }
  std::vector<absl::Time> asked() const {
    absl::MutexLock lock(&mutex_);
    return asked_;
  }
  bool AskedTimes(size_t times) const {
    return WaitUntil([&] { return asked().size() >= times; });
  }

 private:
  mutable absl::Mutex mutex_;
  std::function<absl::StatusOr<Upkeep>(int)> answer_ ABSL_GUARDED_BY(mutex_) = [](int) {
    return Upkeep();
  };
  std::vector<absl::Time> asked_ ABSL_GUARDED_BY(mutex_);
};

class UpkeepThreadTest : public ::testing::Test {
 protected:
  void Start(absl::Duration pause = absl::ZeroDuration()) {
    upkeep_ = std::make_unique<UpkeepThread>(
        [this](absl::Time deadline) { return archive_.KeepUp(deadline); }, signal_, metrics_,
        UpkeepThread::Options{.pause = pause, .idle = absl::Hours(1), .timeout = kTimeout});
  }

  Archive archive_;
  absl::Time due_;  // The thread's own, as long as it runs.
  ChangeSignal signal_;
  telemetry::Metrics metrics_;
  std::unique_ptr<UpkeepThread> upkeep_;
};

TEST_F(UpkeepThreadTest, LooksAtTheStartAndEndsAtOnce) {
  Start();
  EXPECT_TRUE(archive_.AskedTimes(1));
  upkeep_.reset();  // It would sleep for an hour.
  EXPECT_EQ(archive_.asked().size(), 1);
}

TEST_F(UpkeepThreadTest, WakesAtTheNextMoment) {
  archive_.Answer([this](int question) -> absl::StatusOr<Upkeep> {
    if (question > 1) return Upkeep{.settled = 1};
    due_ = absl::Now() + absl::Milliseconds(200);
    return Upkeep{.next_due = due_};
  });
  Start();
  ASSERT_TRUE(archive_.AskedTimes(2));
  upkeep_.reset();
  EXPECT_EQ(archive_.asked().size(), 2) << "not before the moment, and then once";
  EXPECT_GE(archive_.asked()[1], due_);
}

TEST_F(UpkeepThreadTest, WakesWhenSomethingIsCommitted) {
  Start();
  ASSERT_TRUE(archive_.AskedTimes(1));
  signal_.Announce(1);
  EXPECT_TRUE(archive_.AskedTimes(2));
  signal_.Announce(2);
  EXPECT_TRUE(archive_.AskedTimes(3));
}

TEST_F(UpkeepThreadTest, ABusyNewsroomIsLookedAtOncePerPause) {
  constexpr absl::Duration kPause = absl::Milliseconds(50);
  Start(kPause);
  int64_t position = 0;
  ASSERT_TRUE(WaitUntil([&] {
    signal_.Announce(++position);
    return archive_.asked().size() >= 4;
  }));
  const std::vector<absl::Time> asked = archive_.asked();
  for (size_t i = 1; i < asked.size(); ++i) {
    EXPECT_GE(asked[i] - asked[i - 1], kPause - absl::Milliseconds(1));
  }
}

TEST_F(UpkeepThreadTest, GoesOnWhileThereIsMore) {
  archive_.Answer([](int question) -> absl::StatusOr<Upkeep> {
    return Upkeep{.settled = 1, .purged = 2, .trimmed = 3, .more = question < 5};
  });
  Start(absl::Hours(1));  // No pause is kept between the steps of one piece of work.
  ASSERT_TRUE(archive_.AskedTimes(5));
  EXPECT_TRUE(WaitUntil([&] {
    return metrics_.RenderText().find("cityinfo_articles_settled_total 5") != std::string::npos;
  }));
  const std::string shown = metrics_.RenderText();
  EXPECT_THAT(shown, HasSubstr("cityinfo_articles_purged_total 10"));
  EXPECT_THAT(shown, HasSubstr("cityinfo_articles_changes_trimmed_total 15"));
  EXPECT_THAT(shown, HasSubstr("cityinfo_articles_upkeep_failures_total 0"));
}

TEST_F(UpkeepThreadTest, TriesAgainWhatFailed) {
  archive_.Answer([](int question) -> absl::StatusOr<Upkeep> {
    if (question < 3) return base::Unavailable("STORE_AWAY", "the store is away");
    return Upkeep{.settled = 1};
  });
  Start(absl::Milliseconds(1));
  EXPECT_TRUE(WaitUntil([&] {
    return metrics_.RenderText().find("cityinfo_articles_settled_total 1") != std::string::npos;
  }));
  EXPECT_THAT(metrics_.RenderText(), HasSubstr("cityinfo_articles_upkeep_failures_total 2"));
}

}  // namespace
}  // namespace cityinfo::articles
