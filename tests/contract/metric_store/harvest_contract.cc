// What applying the articles' feed must do.
#include <gmock/gmock.h>

#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_P(MetricStoreTest, AnEmptyStoreKnowsNothing) {
  EXPECT_THAT(Query(), IsEmpty());
  EXPECT_THAT(Figures(), IsEmpty());
  EXPECT_EQ(*store_->HarvestPosition(), 0);
  EXPECT_EQ(versions_->Latest(), 0);
  EXPECT_OK(store_->Check());
}

TEST_P(MetricStoreTest, APublishedFigureBecomesACitedObservation) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  const std::vector<Observation> all = Query({.indicators = {"gdp"}, .places = {"522601"}});
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].key.ToId(), "gdp.522601.LEVEL.ACTUAL.2020");
  const Vintage& vintage = all[0].vintage;
  EXPECT_EQ(vintage.value.printed, "281.76亿元");
  EXPECT_EQ(vintage.value.exact_value, "28176000000");
  EXPECT_EQ(vintage.number, 1);
  EXPECT_EQ(base::FormatDate(vintage.publish_date), "2021-12-20");
  EXPECT_EQ(vintage.record_time, clock_.Now());
  ASSERT_THAT(vintage.citations, SizeIs(1));
  Citation expected = GdpFigure("281.76").citation;
  expected.article = "articles/a";
  expected.revision = 1;
  EXPECT_EQ(vintage.citations[0], expected);
  EXPECT_EQ(*store_->HarvestPosition(), 1);
}

TEST_P(MetricStoreTest, AReplayChangesNothing) {
  const ArticleChange first =
      Publish("articles/a", 1, {GdpFigure("281.76"), GdpFigure("300", 2021)});
  EXPECT_FALSE(Apply(first).replayed);
  const std::string before = Describe(Query());
  const std::int64_t version = versions_->Latest();
  EXPECT_TRUE(Apply(first).replayed);
  Reopen();
  EXPECT_TRUE(Apply(first).replayed);
  EXPECT_EQ(Describe(Query()), before);
  EXPECT_EQ(versions_->Latest(), version);
  EXPECT_THAT(Figures({.with_retracted = true}), SizeIs(2));
}

TEST_P(MetricStoreTest, TheSameRevisionUnderANewPositionChangesNothing) {
  ArticleChange change = Publish("articles/a", 1, {GdpFigure("281.76")});
  Apply(change);
  const std::string before = Describe(Query());
  change.feed_position = ++feed_position_;
  const AppliedChange again = Apply(change);
  EXPECT_FALSE(again.replayed);
  EXPECT_EQ(again.figures_stated, 0);
  EXPECT_EQ(again.observations_changed, 0);
  EXPECT_EQ(Describe(Query()), before);
  EXPECT_EQ(*store_->HarvestPosition(), feed_position_);
}

TEST_P(MetricStoreTest, ChangesAppliedTogetherAreAsIfAppliedInTurn) {
  Figure doubted = GdpFigure("999");
  doubted.confidence = 0.9;
  const std::vector<ArticleChange> changes = {Publish("articles/a", 1, {GdpFigure("281.76")}),
                                              Publish("articles/b", 1, {doubted}),
                                              Publish("articles/a", 2, {GdpFigure("281.8")})};
  const auto applied = store_->ApplyArticleChanges({}, changes);
  ASSERT_OK(applied);
  ASSERT_FALSE(applied->empty());
  for (size_t i = applied->size(); i < changes.size(); ++i) Apply(changes[i]);
  // Of one day the last recorded wins, however sure an earlier one was.
  EXPECT_EQ(Query().front().vintage.value.printed, "281.8亿元");
  EXPECT_EQ(*store_->HarvestPosition(), 3);
}

TEST_P(MetricStoreTest, ABadChangeAmongOthersHoldsUpOnlyItself) {
  std::vector<ArticleChange> changes = {Publish("articles/a", 1, {GdpFigure("281.76")}),
                                        Publish("articles/b", 1, {GdpFigure("300", 2021)})};
  changes[1].figures[0].id.clear();
  const auto applied = store_->ApplyArticleChanges({}, changes);
  ASSERT_OK(applied);
  EXPECT_THAT(*applied, SizeIs(1));
  EXPECT_EQ(*store_->HarvestPosition(), 1);
  EXPECT_THAT(ApplyOne(*store_, changes[1]), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Query(), SizeIs(1));
}

TEST_P(MetricStoreTest, ACorrectedArticleReanchorsItsFigures) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  const std::string id = Figures().front().id;
  Figure moved = GdpFigure("281.76");
  moved.citation.block = 3;
  moved.citation.start = 40;
  Apply(Publish("articles/a", 2, {moved}));
  const std::vector<Figure> figures = Figures();
  ASSERT_THAT(figures, SizeIs(1));
  EXPECT_EQ(figures[0].id, id);
  EXPECT_EQ(figures[0].citation.revision, 2);
  EXPECT_EQ(figures[0].citation.block, 3);
  const Vintage vintage = Query().front().vintage;
  EXPECT_EQ(vintage.number, 1) << "the value is the same, so it is the same vintage";
  ASSERT_THAT(vintage.citations, SizeIs(1));
  EXPECT_EQ(vintage.citations[0].revision, 2);
}

TEST_P(MetricStoreTest, ACorrectedValueIsANewVintageAndTheOldOneStays) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  Apply(Publish("articles/a", 2, {GdpFigure("281.67")}));
  const std::vector<Observation> now = Query();
  ASSERT_THAT(now, SizeIs(1));
  EXPECT_EQ(now[0].vintage.value.printed, "281.67亿元");
  EXPECT_EQ(now[0].vintage.number, 2);
  const auto vintages = store_->ListVintages(now[0].key, Soon());
  ASSERT_OK(vintages);
  ASSERT_THAT(*vintages, SizeIs(2));
  EXPECT_EQ((*vintages)[0].vintage.number, 2);
  EXPECT_EQ((*vintages)[1].vintage.value.printed, "281.76亿元");
  EXPECT_EQ((*vintages)[1].vintage.superseded_at, (*vintages)[0].vintage.record_time);
  EXPECT_THAT((*vintages)[1].vintage.citations, SizeIs(1)) << "as it was last cited";
  EXPECT_THAT(Figures(), SizeIs(1));
  EXPECT_THAT(Figures({.with_retracted = true}), SizeIs(2));
}

TEST_P(MetricStoreTest, AnUnpublishedArticlesFiguresLeaveAndReturn) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  const AppliedChange gone = Apply(Unpublish("articles/a", 2));
  EXPECT_EQ(gone.figures_retracted, 1);
  EXPECT_EQ(gone.observations_changed, 1);
  EXPECT_THAT(Query(), IsEmpty());
  EXPECT_THAT(Figures(), IsEmpty());
  const std::vector<Figure> kept = Figures({.with_retracted = true});
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_TRUE(kept[0].retracted);

  Apply(Publish("articles/a", 3, {GdpFigure("281.76")}));
  ASSERT_THAT(Query(), SizeIs(1));
  EXPECT_EQ(Query().front().vintage.number, 2);
  ASSERT_THAT(Figures(), SizeIs(1));
  EXPECT_FALSE(Figures().front().retracted);
  EXPECT_EQ(Figures().front().id, kept[0].id);
}

TEST_P(MetricStoreTest, AnEqualValueAddsItsCitationToTheVintage) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  Figure echo = GdpFigure("281.76");
  echo.value.printed = "2817600万元";
  echo.publish_date = echo.citation.publish_date = {.year = 2022, .month = 1, .day = 10};
  Apply(Publish("articles/b", 1, {echo}));
  const std::vector<Observation> all = Query();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].vintage.number, 1);
  EXPECT_EQ(all[0].vintage.value.printed, "281.76亿元");
  EXPECT_EQ(base::FormatDate(all[0].vintage.publish_date), "2021-12-20");
  EXPECT_THAT(all[0].vintage.citations, SizeIs(2));

  // The first source goes: the value stands on the other, published later.
  Apply(Unpublish("articles/a", 2));
  EXPECT_EQ(base::FormatDate(Query().front().vintage.publish_date), "2022-01-10");
  EXPECT_THAT(Query().front().vintage.citations, SizeIs(1));
}

TEST_P(MetricStoreTest, TheNewestPublishDateWinsWhateverTheOrderOfImport) {
  Figure revised = GdpFigure("290.1");
  revised.publish_date = revised.citation.publish_date = {.year = 2022, .month = 10, .day = 8};
  Apply(Publish("articles/new", 1, {revised}));
  Apply(Publish("articles/old", 1, {GdpFigure("281.76")}));
  EXPECT_EQ(Query().front().vintage.value.printed, "290.1亿元");
  EXPECT_EQ(Query({.published_as_of = base::Date{2022, 1, 1}}).front().vintage.value.printed,
            "281.76亿元");
  EXPECT_THAT(Query({.published_as_of = base::Date{2021, 1, 1}}), IsEmpty());
}

TEST_P(MetricStoreTest, FiguresThatBackNothingAreKeptAsFigures) {
  Figure nameless = GdpFigure("1");
  nameless.indicator.clear();
  Figure timeless = GdpFigure("2");
  timeless.period.reset();
  timeless.citation.value_start = 12;
  Figure placeless = GdpFigure("3");
  placeless.place.clear();
  Figure odd_unit = GdpFigure("4");
  odd_unit.unit_fits = false;
  Apply(Publish("articles/a", 1, {nameless, timeless, placeless, odd_unit}));
  EXPECT_THAT(Query(), IsEmpty());
  ASSERT_THAT(Figures(), SizeIs(4));
  EXPECT_FALSE(Figures().back().period.has_value());
}

TEST_P(MetricStoreTest, AFigureComesBackAsItWasGiven) {
  Figure figure = GdpFigure("6.0");
  figure.measure = Measure::kAverageGrowth;
  figure.kind = Kind::kTarget;
  figure.period = *Period::Parse("2021/2025");
  figure.value = {.printed = "6.0%—6.5%",
                  .exact_value = "6",
                  .exact_value_high = "6.5",
                  .unit = "%",
                  .qualifier = Qualifier::kRange};
  figure.printed_unit = "%";
  figure.confidence = 0.75;
  figure.doubts = {"INHERITED_SUBJECT", "ASSUMED_PERIOD"};
  Apply(Publish("articles/a", 4, {figure}));
  const Figure found = Figures().front();
  EXPECT_EQ(found.period->ToString(), "2021/2025");
  EXPECT_EQ(found.value, figure.value);
  EXPECT_EQ(found.confidence, 0.75);
  EXPECT_THAT(found.doubts, ElementsAre("INHERITED_SUBJECT", "ASSUMED_PERIOD"));
  EXPECT_EQ(found.review_state, ReviewState::kUnreviewed);
  EXPECT_EQ(found.record_time, clock_.Now());
  EXPECT_EQ(found.citation.article, "articles/a");
  EXPECT_EQ(Query().front().key.ToId(), "gdp.522601.AVERAGE_GROWTH.TARGET.2021_2025");
}

}  // namespace
}  // namespace cityinfo::metrics
