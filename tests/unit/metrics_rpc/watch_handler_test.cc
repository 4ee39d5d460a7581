#include "services/metrics/rpc/watch_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "services/metrics/storage/sql_metric_store.h"
#include "tests/support/collecting_sink.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;
using Sink = ::cityinfo::testing::CollectingSink<v1::ObservationChange>;

class WatchObservationsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(store_, OpenMetricStore({.store = absl::StrCat("sqlite:", dir_.File("m"))},
                                                 base::SystemClock(), versions_));
  }

  // One change of the feed: the value of a year.
  void Record(int year) {
    LoadedBatch batch{.source = "年鉴"};
    batch.values.push_back(
        {.key = {.indicator = "gdp", .place = "522601", .period = Period::Year(year)},
         .value = {.printed = "1元", .exact_value = "1", .unit = "元"},
         .publish_date = {2021, 12, 20}});
    ASSERT_OK(store_->Record(batch));
  }

  absl::Status Watch(const std::string& token, Sink& sink) {
    WatchHandler handler(*store_, versions_, Catalogue::Embedded(), {});
    v1::WatchObservationsRequest request;
    request.set_resume_token(token);
    rpc::ServerWriter<v1::ObservationChange> writer(sink);
    return handler.WatchObservations({}, request, writer);
  }

  // A watcher on a thread of its own, ended with the object.
  class Watcher {
   public:
    Watcher(WatchObservationsTest& test, const std::string& token, absl::Duration heartbeat)
        : handler_(*test.store_, test.versions_, Catalogue::Embedded(), {.heartbeat = heartbeat}),
          thread_([this, token] {
            v1::WatchObservationsRequest request;
            request.set_resume_token(token);
            rpc::ServerWriter<v1::ObservationChange> writer(sink);
            status_ = handler_.WatchObservations({}, request, writer);
          }) {}
    ~Watcher() { EXPECT_OK(Finish()); }
    absl::Status Finish() {
      sink.End();
      if (thread_.joinable()) thread_.join();
      return status_;
    }
    Sink sink;

   private:
    WatchHandler handler_;
    absl::Status status_;
    std::jthread thread_;
  };

  testing::TempDir dir_;
  DataVersions versions_;
  std::unique_ptr<SqlMetricStore> store_;
};

TEST_F(WatchObservationsTest, SendsWhatWasAndWhatComes) {
  Record(2019);
  Record(2020);
  Watcher watcher(*this, "", absl::Minutes(1));
  watcher.sink.WaitFor(2);
  Record(2021);
  const auto changes = watcher.sink.WaitFor(3);
  ASSERT_EQ(changes.size(), 3);
  EXPECT_EQ(changes[0].resume_token(), "1");
  EXPECT_EQ(changes[0].observation().period(), "2019");
  EXPECT_EQ(changes[2].resume_token(), "3");
  EXPECT_EQ(changes[2].observation().period(), "2021");
  EXPECT_TRUE(changes[2].has_commit_time());
  EXPECT_OK(watcher.Finish());
}

TEST_F(WatchObservationsTest, ResumesBehindTheToken) {
  for (int year = 2017; year <= 2020; ++year) Record(year);
  Watcher watcher(*this, "3", absl::Minutes(1));
  EXPECT_EQ(watcher.sink.WaitFor(1)[0].resume_token(), "4");
}

TEST_F(WatchObservationsTest, AFeedOfManyBatchesComesWhole) {
  LoadedBatch batch{.source = "年鉴"};
  for (int year = 1700; year < 1950; ++year) {
    batch.values.push_back(
        {.key = {.indicator = "gdp", .place = "522601", .period = Period::Year(year)},
         .value = {.printed = "1元", .exact_value = "1", .unit = "元"},
         .publish_date = {2021, 12, 20}});
  }
  ASSERT_OK(store_->Record(batch));
  Watcher watcher(*this, "", absl::Minutes(1));
  const auto changes = watcher.sink.WaitFor(250);
  ASSERT_EQ(changes.size(), 250);
  for (int i = 0; i < 250; ++i) EXPECT_EQ(changes[i].resume_token(), absl::StrCat(i + 1));
}

TEST_F(WatchObservationsTest, TheFirstHeartbeatComesWhenEverythingWasSent) {
  Record(2020);
  Watcher watcher(*this, "", absl::Hours(1));
  const auto beats = watcher.sink.WaitFor(1, /*heartbeats=*/true);
  EXPECT_EQ(beats[0].resume_token(), "1");
  EXPECT_FALSE(beats[0].has_observation());
  EXPECT_EQ(watcher.sink.WaitFor(1).size(), 1);
}

TEST_F(WatchObservationsTest, AQuietFeedBeats) {
  Watcher watcher(*this, "", absl::Milliseconds(5));
  EXPECT_EQ(watcher.sink.WaitFor(3, /*heartbeats=*/true)[2].resume_token(), "0");
}

// What a failover to a standby that trailed leaves: the store lacks what was announced before.
TEST_F(WatchObservationsTest, AFeedBehindWhatWasAnnouncedIsAskedAtTheHeartbeatsPace) {
  Record(2020);
  const std::vector<DataVersion> lost = {{.indicator = "gdp", .sequence = 100, .stamp = 1}};
  versions_.Advance(lost);
  Watcher watcher(*this, "", absl::Milliseconds(5));
  EXPECT_EQ(watcher.sink.WaitFor(2, /*heartbeats=*/true)[1].resume_token(), "1");
  Record(2021);
  EXPECT_EQ(watcher.sink.WaitFor(2)[1].resume_token(), "2");
}

TEST_F(WatchObservationsTest, EndsWhenTheReaderGoesAway) {
  Watcher watcher(*this, "", absl::Hours(1));
  EXPECT_OK(watcher.Finish());
}

TEST_F(WatchObservationsTest, AWatcherThatDoesNotReadHoldsUpNobody) {
  Watcher slow(*this, "", absl::Minutes(1));
  slow.sink.WaitFor(1, /*heartbeats=*/true);
  slow.sink.Block();
  Watcher quick(*this, "", absl::Minutes(1));
  for (int year = 2000; year < 2020; ++year) Record(year);
  EXPECT_EQ(quick.sink.WaitFor(20).size(), 20);
  // The one message that waits for its reader is all there is of it.
  EXPECT_TRUE(testing::WaitUntil([&] { return slow.sink.offered() == 2; }));
}

TEST_F(WatchObservationsTest, BadTokensAreRefused) {
  Record(2020);
  Sink sink;
  for (const char* token : {"x", "-1", "+1", "1.5", " 1", "1 ", "99999999999999999999"}) {
    const absl::Status refused = Watch(token, sink);
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument)) << token;
    EXPECT_EQ(base::ErrorReason(refused), "INVALID_RESUME_TOKEN") << token;
    EXPECT_EQ(base::FieldViolations(refused)[0].field, "resume_token");
  }
  EXPECT_EQ(sink.offered(), 0);
}

TEST_F(WatchObservationsTest, ATokenOfTheFutureIsRefused) {
  Record(2020);
  Sink sink;
  const absl::Status refused = Watch("7", sink);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument,
                                ::testing::HasSubstr("which ends at 1")));
  EXPECT_EQ(base::ErrorReason(refused), "RESUME_TOKEN_AHEAD");
}

}  // namespace
}  // namespace cityinfo::metrics
