// The answer to a question asked as of a past moment never changes.
#include <gmock/gmock.h>

#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Random changes to a handful of articles about a handful of keys.
class RandomHistory {
 public:
  explicit RandomHistory(unsigned seed) : random_(seed) {}

  int Pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

  std::vector<Figure> NextFigures() {
    std::vector<Figure> figures(static_cast<size_t>(Pick(4)));
    for (Figure& figure : figures) {
      figure = GdpFigure(absl::StrCat(100 + Pick(3)), 2018 + Pick(3));
      figure.place = Pick(2) == 0 ? "52" : "5226";
      figure.publish_date = figure.citation.publish_date = {2021, 1 + Pick(4), 10};
      figure.confidence = 0.5 + 0.1 * Pick(5);
      figure.citation.block = Pick(3);
    }
    return figures;
  }

 private:
  std::mt19937 random_;
};

TEST_P(MetricStoreTest, AnswersAsOfThePastNeverChange) {
  for (const unsigned seed : {1u, 2u, 3u, 4u}) {
    SetUp();
    feed_position_ = 0;
    RandomHistory history(seed);
    std::vector<std::pair<ObservationQuery, std::string>> answered;
    std::map<std::string, std::int64_t> revisions;
    const auto ask_again = [&] {
      for (const auto& [query, answer] : answered) {
        ASSERT_EQ(Describe(Query(query)), answer)
            << "seed " << seed << " as of " << absl::FormatTime(*query.as_of);
      }
    };
    for (int step = 0; step < 60; ++step) {
      const std::string article = absl::StrCat("articles/", history.Pick(5));
      const std::int64_t revision = ++revisions[article];
      Apply(history.Pick(5) == 0 ? Unpublish(article, revision)
                                 : Publish(article, revision, history.NextFigures()));
      ObservationQuery query{.last_n = history.Pick(3),
                             .as_of = clock_.Now() - history.Pick(20) * absl::Milliseconds(500)};
      if (history.Pick(2) == 0) query.places = {"52"};
      if (history.Pick(3) == 0) query.published_as_of = base::Date{2021, 1 + history.Pick(4), 15};
      query.Normalize();
      answered.emplace_back(query, Describe(Query(query)));
      if (step == 30) Reopen();
      ask_again();
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(MetricStoreTest, AsOfNowIsWhatIsKnownNow) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  const absl::Time known = clock_.Now();
  EXPECT_EQ(Describe(Query({.as_of = known})), Describe(Query()));
  EXPECT_THAT(Query({.as_of = known - absl::Microseconds(1)}), IsEmpty());
  const std::string before = Describe(Query({.as_of = known}));
  Apply(Publish("articles/a", 2, {GdpFigure("281.67")}));
  EXPECT_EQ(Describe(Query({.as_of = known})), before);
}

// The clock stands still (or goes back): a write must still record after what was asked.
TEST_P(MetricStoreTest, AWriteRecordsAfterEveryMomentAskedAbout) {
  const absl::Time now = clock_.Now();
  EXPECT_THAT(Query({.as_of = now}), IsEmpty());
  ASSERT_OK(ApplyOne(*store_, Publish("articles/a", 1, {GdpFigure("281.76")})));
  EXPECT_THAT(Query({.as_of = now}), IsEmpty());
  clock_.Set(now - absl::Hours(1));
  ASSERT_OK(ApplyOne(*store_, Publish("articles/b", 1, {GdpFigure("290", 2021)})));
  const std::vector<Observation> all = Query();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_GT(all[0].vintage.record_time, now);
  EXPECT_GT(all[1].vintage.record_time, all[0].vintage.record_time);
}

// A clock that is set a day ahead and then back, between writes and over a restart: record times
// rise all the same, and answers given before stay.
TEST_P(MetricStoreTest, ARecordTimeOutlivesAClockThatJumps) {
  std::vector<std::pair<ObservationQuery, std::string>> answered;
  absl::Time newest = absl::InfinitePast();
  int year = 2000;
  for (const absl::Duration jump :
       {absl::Hours(24), absl::Hours(-48), absl::ZeroDuration(), absl::Hours(24)}) {
    clock_.Advance(jump);
    for (const bool restart : {false, true}) {
      if (restart) Reopen();
      ASSERT_OK(
          ApplyOne(*store_, Publish("articles/a", year, {GdpFigure(absl::StrCat(year), year)})));
      const std::vector<Observation> all = Query();
      ASSERT_THAT(all, SizeIs(1));
      EXPECT_EQ(all[0].key.period, Period::Year(year));
      EXPECT_GT(all[0].vintage.record_time, newest);
      newest = all[0].vintage.record_time;
      answered.emplace_back(ObservationQuery{.as_of = newest}, Describe(all));
      for (const auto& [query, answer] : answered) EXPECT_EQ(Describe(Query(query)), answer);
      ++year;
    }
  }
}

LoadedValue Loaded(const std::string& value, base::Date publish_date) {
  const Figure figure = GdpFigure(value);
  return {.key = {.indicator = "gdp", .place = "522601", .period = Period::Year(2020)},
          .value = figure.value,
          .publish_date = publish_date};
}

TEST_P(MetricStoreTest, LoadedValuesAreVintagesWithASource) {
  const auto recorded =
      store_->Record({.source = "统计年鉴", .values = {Loaded("281.8", {2021, 12, 30})}});
  ASSERT_OK(recorded);
  ASSERT_THAT(*recorded, SizeIs(1));
  EXPECT_EQ(recorded->front().after.vintage.source, "统计年鉴");
  EXPECT_THAT(recorded->front().after.vintage.citations, IsEmpty());
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  EXPECT_EQ(Query().front().vintage.value.printed, "281.8亿元") << "published later";
  EXPECT_THAT(Figures(), SizeIs(1)) << "a loaded value is no figure";
  // The same source corrects itself; the same value again is no news.
  clock_.Advance(absl::Seconds(1));
  ASSERT_OK(store_->Record({.source = "统计年鉴", .values = {Loaded("281.9", {2021, 12, 30})}}));
  EXPECT_EQ(Query().front().vintage.value.printed, "281.9亿元");
  const std::int64_t version = versions_->Latest();
  ASSERT_OK(store_->Record({.source = "统计年鉴", .values = {Loaded("281.9", {2021, 12, 30})}}));
  EXPECT_EQ(versions_->Latest(), version);
}

TEST_P(MetricStoreTest, ARetriedRequestGetsTheFirstAnswer) {
  LoadedBatch batch{.source = "统计年鉴",
                    .request_id = "r-1",
                    .digest = "d1",
                    .values = {Loaded("281.8", {2021, 12, 30})}};
  const auto first = store_->Record(batch);
  ASSERT_OK(first);
  ASSERT_OK(store_->Record({.source = "统计年鉴", .values = {Loaded("282", {2022, 12, 30})}}));
  const auto again = store_->Record(batch);
  ASSERT_OK(again);
  EXPECT_EQ(DescribeAfter(*again), DescribeAfter(*first));
  EXPECT_EQ(Query().front().vintage.value.printed, "282亿元");
  batch.digest = "d2";
  EXPECT_THAT(store_->Record(batch), StatusIs(absl::StatusCode::kAlreadyExists));
}

}  // namespace
}  // namespace cityinfo::metrics
