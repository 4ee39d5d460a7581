#include "services/metrics/cache/caching_metric_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "absl/synchronization/notification.h"
#include "platform/base/error.h"
#include "services/metrics/cache/memory_metric_cache.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;
using ::cityinfo::testing::WaitUntil;
using ::testing::Pointee;

// Runs `action` the first time it is called.
std::function<void()> Once(std::function<void()> action) {
  return [action = std::move(action), called = std::make_shared<bool>(false)] {
    if (std::exchange(*called, true)) return;
    action();
  };
}

// A store of one number, with the versions a real one keeps: `stored` as of the last commit,
// `known` in the process.
class FakeData final : public MetricReader {
 public:
  explicit FakeData(DataVersions& known) : known_(known) {}

  // A write up to its commit; Acknowledge does the rest.
  void Commit(const std::string& indicator, std::string value) {
    absl::MutexLock lock(&mutex_);
    value_ = std::move(value);
    stored_[indicator] = ++sequence_;
  }
  void Acknowledge() {
    std::vector<DataVersion> versions;
    {
      absl::MutexLock lock(&mutex_);
      for (const auto& [indicator, sequence] : stored_) versions.push_back({indicator, sequence});
    }
    known_.Advance(versions);
  }
  void Write(const std::string& indicator, std::string value) {
    Commit(indicator, std::move(value));
    Acknowledge();
  }

  absl::Status Refresh() {
    ++refreshes;
    if (refresh_fails) return base::Unavailable("STORE_BUSY", "busy");
    Acknowledge();
    return absl::OkStatus();
  }

  absl::StatusOr<EncodedAnswer> QueryObservations(const ObservationQuery&, absl::Time) override {
    ++reads;
    if (before_read) before_read();
    absl::StatusOr<EncodedAnswer> answer = [this]() -> absl::StatusOr<EncodedAnswer> {
      absl::MutexLock lock(&mutex_);
      if (!failure.ok()) return failure;
      return std::make_shared<const std::string>(value_);
    }();
    if (after_read) after_read();
    return answer;
  }

  std::atomic<int> reads = 0;
  std::atomic<int> refreshes = 0;
  std::atomic<bool> refresh_fails = false;
  absl::Status failure;
  std::function<void()> before_read;
  std::function<void()> after_read;

 private:
  DataVersions& known_;
  absl::Mutex mutex_;
  std::string value_ ABSL_GUARDED_BY(mutex_) = "nothing";
  std::map<std::string, std::int64_t> stored_ ABSL_GUARDED_BY(mutex_);
  std::int64_t sequence_ ABSL_GUARDED_BY(mutex_) = 0;
};

// A shared cache that outlives readers, as Redis does.
class FakeShared final : public MetricCache {
 public:
  std::optional<EncodedAnswer> Get(absl::string_view key) override {
    absl::MutexLock lock(&mutex_);
    const auto found = entries_.find(std::string(key));
    if (found == entries_.end()) return std::nullopt;
    return found->second;
  }
  void Put(absl::string_view key, EncodedAnswer answer) override {
    absl::MutexLock lock(&mutex_);
    entries_[std::string(key)] = std::move(answer);
  }
  std::map<std::string, EncodedAnswer> entries() {
    absl::MutexLock lock(&mutex_);
    return entries_;
  }

 private:
  absl::Mutex mutex_;
  std::map<std::string, EncodedAnswer> entries_ ABSL_GUARDED_BY(mutex_);
};

class CachingMetricReaderTest : public ::testing::Test {
 protected:
  CachingMetricReaderTest() { data_.Write("gdp", "281.76"); }

  static ObservationQuery Gdp() {
    ObservationQuery query;
    query.indicators = {"gdp"};
    query.Normalize();
    return query;
  }

  absl::StatusOr<EncodedAnswer> Ask(const ObservationQuery& query,
                                    absl::Time deadline = absl::Now() + absl::Seconds(20)) {
    return reader_.QueryObservations(query, deadline);
  }
  std::string Bytes(const ObservationQuery& query) {
    const absl::StatusOr<EncodedAnswer> answer = Ask(query);
    return answer.ok() ? **answer : answer.status().ToString();
  }

  double Metric(const std::string& name, const telemetry::Labels& labels = {}) {
    return metrics_.GetCounter(name, "", labels).Value();
  }

  CachingMetricReader MakeReader(MetricCache& memory) {
    return CachingMetricReader(data_, versions_, [this](absl::Time) { return data_.Refresh(); },
                               memory, &shared_, metrics_, {.data_set = "city"});
  }

  DataVersions versions_;
  FakeData data_{versions_};
  MemoryMetricCache memory_{{}};
  FakeShared shared_;
  telemetry::Metrics metrics_;
  CachingMetricReader reader_ = MakeReader(memory_);
};

TEST_F(CachingMetricReaderTest, ReadsTheStoreOncePerQuestion) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Bytes(Gdp()), "281.76");
  EXPECT_EQ(data_.reads, 1);
  EXPECT_EQ(Metric("cityinfo_metrics_cache_hits_total", {{"level", "memory"}}), 9);
  EXPECT_EQ(Metric("cityinfo_metrics_cache_misses_total"), 1);
  EXPECT_EQ(Metric("cityinfo_metrics_cache_fills_total", {{"result", "kept"}}), 1);
}

TEST_F(CachingMetricReaderTest, TakesFromTheSharedCacheWhatAnotherProcessFilled) {
  EXPECT_EQ(Bytes(Gdp()), "281.76");
  MemoryMetricCache cold({});
  CachingMetricReader other = MakeReader(cold);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(*other.QueryObservations(Gdp(), absl::InfiniteFuture()),
                Pointee(std::string("281.76")));
  }
  EXPECT_EQ(data_.reads, 1);
  EXPECT_EQ(Metric("cityinfo_metrics_cache_hits_total", {{"level", "redis"}}), 1);
  EXPECT_EQ(Metric("cityinfo_metrics_cache_hits_total", {{"level", "memory"}}), 2);
}

TEST_F(CachingMetricReaderTest, NeverAnswersWithWhatWasTrueBeforeAnAcknowledgedWrite) {
  EXPECT_EQ(Bytes(Gdp()), "281.76");
  data_.Write("gdp", "282.00");
  EXPECT_EQ(Bytes(Gdp()), "282.00");
  EXPECT_EQ(data_.reads, 2);
}

TEST_F(CachingMetricReaderTest, AWriteToAnotherIndicatorLeavesTheEntryInUse) {
  EXPECT_EQ(Bytes(Gdp()), "281.76");
  data_.Write("tourists", "281.76");
  EXPECT_EQ(Bytes(Gdp()), "281.76");
  EXPECT_EQ(data_.reads, 1);
}

TEST_F(CachingMetricReaderTest, AQuestionForAllIndicatorsSeesEveryWrite) {
  const ObservationQuery all;
  EXPECT_EQ(Bytes(all), "281.76");
  data_.Write("tourists", "new");
  EXPECT_EQ(Bytes(all), "new");
  EXPECT_EQ(Bytes(all), "new");
  EXPECT_EQ(data_.reads, 2);
}

TEST_F(CachingMetricReaderTest, AWriteBeforeTheStoreIsReadGivesTheNewAnswerAndKeepsNothing) {
  data_.before_read = Once([&] { data_.Write("gdp", "282.00"); });
  EXPECT_EQ(Bytes(Gdp()), "282.00");
  EXPECT_TRUE(shared_.entries().empty());
  EXPECT_EQ(memory_.GetStats().entries, 0u);
  EXPECT_EQ(Metric("cityinfo_metrics_cache_fills_total", {{"result", "overtaken"}}), 1);
  EXPECT_EQ(Bytes(Gdp()), "282.00");
  EXPECT_EQ(shared_.entries().size(), 1u);
}

// The write is committed when the store is read but the process does not know its version yet: the
// narrow gap in which comparing the process's own versions would not notice.
TEST_F(CachingMetricReaderTest, ACommitNotYetAcknowledgedIsNoticedToo) {
  data_.before_read = Once([&] { data_.Commit("gdp", "282.00"); });
  EXPECT_EQ(Bytes(Gdp()), "282.00");
  EXPECT_TRUE(shared_.entries().empty());
}

TEST_F(CachingMetricReaderTest, AWriteAfterTheStoreWasReadKeepsNothing) {
  data_.after_read = Once([&] { data_.Write("gdp", "282.00"); });
  EXPECT_EQ(Bytes(Gdp()),
            "281.76");  // true when it was read, and the write came after the question
  EXPECT_TRUE(shared_.entries().empty());
  EXPECT_EQ(Bytes(Gdp()), "282.00");
}

TEST_F(CachingMetricReaderTest, KeepsNothingWhenTheStoresVersionsCannotBeRead) {
  data_.refresh_fails = true;
  EXPECT_EQ(Bytes(Gdp()), "281.76");
  EXPECT_TRUE(shared_.entries().empty());
  data_.refresh_fails = false;
  EXPECT_EQ(Bytes(Gdp()), "281.76");
  EXPECT_EQ(shared_.entries().size(), 1u);
}

TEST_F(CachingMetricReaderTest, StrongSeesAWriteThisProcessHasNotHeardOf) {
  EXPECT_EQ(Bytes(Gdp()), "281.76");
  data_.Commit("gdp", "282.00");  // by another replica
  EXPECT_EQ(Bytes(Gdp()), "281.76");
  ObservationQuery strong = Gdp();
  strong.strong = true;
  EXPECT_EQ(Bytes(strong), "282.00");
  EXPECT_EQ(Bytes(Gdp()), "282.00");
}

// The page before came from another replica, which had seen a write that this one has yet to hear
// of.
TEST_F(CachingMetricReaderTest, TheNextPageIsNotOlderThanWhatThePageBeforeHadSeen) {
  EXPECT_EQ(Bytes(Gdp()), "281.76");
  data_.Commit("gdp", "282.00");
  ObservationQuery next = Gdp();
  next.seen = 2;
  EXPECT_EQ(Bytes(next), "282.00");
  const int refreshes = data_.refreshes;
  EXPECT_EQ(Bytes(next), "282.00") << "from the cache by now";
  EXPECT_EQ(data_.refreshes, refreshes);
}

TEST_F(CachingMetricReaderTest, StrongGoesAroundTheCacheWhenTheVersionsCannotBeRead) {
  EXPECT_EQ(Bytes(Gdp()), "281.76");
  data_.Commit("gdp", "282.00");
  data_.refresh_fails = true;
  ObservationQuery strong = Gdp();
  strong.strong = true;
  EXPECT_EQ(Bytes(strong), "282.00");
  EXPECT_EQ(Metric("cityinfo_metrics_cache_bypasses_total"), 1);
}

TEST_F(CachingMetricReaderTest, AnErrorIsGivenButNotKept) {
  data_.failure = base::Unavailable("STORE_BUSY", "busy");
  EXPECT_THAT(Ask(Gdp()), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_TRUE(shared_.entries().empty());
  data_.failure = absl::OkStatus();
  EXPECT_EQ(Bytes(Gdp()), "281.76");
  EXPECT_EQ(data_.reads, 2);
  EXPECT_EQ(Metric("cityinfo_metrics_cache_fills_total", {{"result", "failed"}}), 1);
}

TEST_F(CachingMetricReaderTest, EmptyAnswersAreKept) {
  data_.Write("gdp", "");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Bytes(Gdp()), "");
  EXPECT_EQ(data_.reads, 1);
}

TEST_F(CachingMetricReaderTest, AThousandCallersShareOneFill) {
  constexpr int kCallers = 1000;
  absl::Notification others_wait;
  data_.before_read = [&] { others_wait.WaitForNotificationWithTimeout(absl::Seconds(20)); };
  std::atomic<int> right = 0;
  std::atomic<int> started = 0;
  std::vector<std::jthread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&] {
      ++started;
      if (Bytes(Gdp()) == "281.76") ++right;
    });
  }
  ASSERT_TRUE(WaitUntil([&] { return started == kCallers; }, absl::Seconds(20)));
  others_wait.Notify();
  callers.clear();
  EXPECT_EQ(right, kCallers);
  EXPECT_EQ(data_.reads, 1);
  EXPECT_EQ(shared_.entries().size(), 1u);
}

TEST_F(CachingMetricReaderTest, AWaitingCallerLeavesAtItsOwnDeadline) {
  absl::Notification reading;
  absl::Notification go_on;
  data_.before_read = [&] {
    reading.Notify();
    go_on.WaitForNotification();
  };
  std::jthread slow([&] { EXPECT_EQ(Bytes(Gdp()), "281.76"); });
  reading.WaitForNotification();
  EXPECT_THAT(Ask(Gdp(), absl::Now() + absl::Milliseconds(20)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  go_on.Notify();
}

TEST_F(CachingMetricReaderTest, AFillerWithoutTimeLeavesTheQuestionToTheNext) {
  absl::Notification reading;
  absl::Notification go_on;
  std::atomic<bool> first = true;
  data_.before_read = [&] {
    if (!first.exchange(false)) return;
    reading.Notify();
    go_on.WaitForNotification();
    data_.failure = base::DeadlineExceeded("too late");
  };
  data_.after_read = [&] { data_.failure = absl::OkStatus(); };
  std::jthread hurried(
      [&] { EXPECT_THAT(Ask(Gdp(), absl::Now()), StatusIs(absl::StatusCode::kDeadlineExceeded)); });
  reading.WaitForNotification();
  std::jthread patient([&] { EXPECT_EQ(Bytes(Gdp()), "281.76"); });
  go_on.Notify();
}

// Writers and readers at random: no answer is older than a write acknowledged before the question,
// and every kept entry holds what its versions say.
TEST_F(CachingMetricReaderTest, NoAnswerIsOlderThanAnAcknowledgedWrite) {
  data_.Write("gdp", "0");
  std::atomic<std::int64_t> acknowledged = 0;
  std::atomic<bool> done = false;
  std::atomic<int> stale = 0;
  absl::Barrier* start = new absl::Barrier(4);
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 3; ++i) {
      readers.emplace_back([&] {
        if (start->Block()) delete start;
        while (!done) {
          const std::int64_t floor = acknowledged;
          if (std::stoll(Bytes(Gdp())) < floor) ++stale;
        }
      });
    }
    if (start->Block()) delete start;
    for (int i = 1; i <= 5000; ++i) {
      data_.Write("gdp", absl::StrCat(i));
      acknowledged = i;
    }
    done = true;
  }
  EXPECT_EQ(stale, 0);
  // Write number n is change n + 2 (the first two are above), and the key says which change it is
  // of.
  for (const auto& [key, answer] : shared_.entries()) {
    const std::int64_t number = std::stoll(*answer);
    EXPECT_NE(key.find(absl::StrCat("|1:", number + 2, "/")), std::string::npos) << key << *answer;
  }
}

}  // namespace
}  // namespace cityinfo::metrics
