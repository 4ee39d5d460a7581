// An answer given as of a past moment never changes, whatever replica gave it and whatever the
// replicas' clocks say.
#include <gmock/gmock.h>

#include <atomic>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "tests/integration/metrics_replicas/replica.h"

namespace cityinfo::metrics {
namespace {

const ::testing::Environment* const kPostgres =
    ::testing::AddGlobalTestEnvironment(new PostgresEnvironment);

struct Answer {
  ObservationQuery query;
  std::string text;
};

class RecordTimeTest : public ReplicasTest {
 protected:
  // An hour apart; the third a day ahead.
  void SetUp() override {
    ReplicasTest::SetUp();
    const absl::Duration kSkews[] = {absl::ZeroDuration(), absl::Hours(-1), absl::Hours(24)};
    for (size_t i = 0; i < 3; ++i) {
      replicas_[i].Open({.store = url_});
      replicas_[i].clock.Advance(kSkews[i]);
    }
  }

  void ExpectUnchanged(const std::vector<Answer>& answers, Replica& replica) {
    for (const Answer& answer : answers) {
      ASSERT_EQ(Describe(replica.Query(answer.query)), answer.text)
          << "as of " << absl::FormatTime(*answer.query.as_of, absl::UTCTimeZone());
    }
  }

  Replica replicas_[3];
};

TEST_F(RecordTimeTest, AnswersOfAnyReplicaStayThoughClocksDifferAndJump) {
  std::mt19937 random(7);
  const auto pick = [&](int count) { return random() % static_cast<unsigned>(count); };
  std::vector<Answer> answers;
  for (int step = 0; step < 150; ++step) {
    Replica& writer = replicas_[pick(3)];
    writer.clock.Advance(pick(8) == 0 ? absl::Hours(static_cast<int>(pick(49)) - 24)
                                      : absl::Milliseconds(pick(2000)));
    ASSERT_OK(writer.Load(absl::StrCat(100 + pick(50)), 2018 + static_cast<int>(pick(3))));
    // Mostly about now, by a clock that may be ahead of everything recorded.
    Replica& asked = replicas_[pick(3)];
    asked.clock.Advance(pick(3) * absl::Milliseconds(700));
    const ObservationQuery query{.as_of = asked.clock.Now() - pick(3) * absl::Minutes(30)};
    answers.push_back({query, Describe(asked.Query(query))});
    if (step % 30 == 29) ExpectUnchanged(answers, replicas_[pick(3)]);
    if (HasFatalFailure()) return;
  }
}

TEST_F(RecordTimeTest, AnswersGivenWhileOthersWriteAreFinal) {
  // Only questions move the clocks, so that each is about a moment that nobody has recorded at yet
  // and that a write under way may be about to.
  for (Replica& replica : replicas_) replica.clock.Set(replicas_[0].clock.Now());
  std::atomic<bool> done = false;
  absl::Mutex mutex;
  std::vector<Answer> answers;
  std::vector<std::jthread> askers;
  for (Replica& replica : replicas_) {
    askers.emplace_back([&] {
      while (!done) {
        replica.clock.Advance(absl::Milliseconds(1));
        const ObservationQuery query{.as_of = replica.clock.Now()};
        std::string text = Describe(replica.Query(query));
        absl::MutexLock lock(&mutex);
        answers.push_back({query, std::move(text)});
      }
    });
  }
  {
    std::vector<std::jthread> writers;
    for (Replica& replica : replicas_) {
      writers.emplace_back([&replica] {
        for (int i = 0; i < 40; ++i) EXPECT_OK(replica.Load(absl::StrCat(100 + i), 2018 + i % 3));
      });
    }
  }
  done = true;
  askers.clear();
  ASSERT_GT(answers.size(), 20u);
  for (Replica& replica : replicas_) ExpectUnchanged(answers, replica);
}

TEST_F(RecordTimeTest, RecordTimesRiseAcrossReplicas) {
  absl::Time newest = absl::InfinitePast();
  for (int i = 0; i < 9; ++i) {
    Replica& replica = replicas_[(i * 2) % 3];
    ASSERT_OK(replica.Load(absl::StrCat(100 + i)));
    const absl::Time recorded = replica.Query().front().vintage.record_time;
    EXPECT_GT(recorded, newest);
    newest = recorded;
  }
  // What one replica recorded may be asked of another whose clock is behind.
  EXPECT_EQ(replicas_[1].Query({.as_of = newest}).front().vintage.value.printed, "108亿元");
}

TEST_F(RecordTimeTest, TheDatabasesClockSaysWhatTheFutureIs) {
  ObservationQuery query{.as_of = absl::Now() + absl::Hours(1)};
  replicas_[0].clock.Set(absl::Now() + absl::Hours(48));
  const auto refused = replicas_[0].store->QueryObservations(query, Soon());
  EXPECT_THAT(refused, testing::StatusIs(absl::StatusCode::kInvalidArgument));
  // And its record times were not driven ahead by the question.
  ASSERT_OK(replicas_[1].Load("100"));
  EXPECT_LT(replicas_[1].Query().front().vintage.record_time, absl::Now());
}

}  // namespace
}  // namespace cityinfo::metrics
