// Where sources disagree, and which promises took whose place.
#include <gmock/gmock.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Figure PublishedOn(Figure figure, int year, int month, int day) {
  figure.publish_date = {.year = year, .month = month, .day = day};
  figure.citation.publish_date = figure.publish_date;
  return figure;
}

Figure Promise(const std::string& yi_yuan, int due, int published) {
  Figure figure = GdpFigure(yi_yuan, due);
  figure.kind = Kind::kTarget;
  return PublishedOn(std::move(figure), published, 1, 10);
}

Figure Growth(const std::string& percent) {
  Figure figure = GdpFigure("1");
  figure.measure = Measure::kYoyGrowth;
  figure.value = {.printed = percent + "%", .exact_value = percent, .unit = "%"};
  figure.citation.quote = absl::StrCat("增长", percent, "%。");
  return figure;
}

LoadedBatch Loaded(const std::string& source, const std::string& printed,
                   const std::string& exact) {
  const Figure figure = GdpFigure("1");
  LoadedValue value;
  value.key = {.indicator = figure.indicator, .place = figure.place, .period = *figure.period};
  value.value = {.printed = printed, .exact_value = exact, .unit = "元"};
  value.publish_date = figure.publish_date;
  LoadedBatch batch;
  batch.source = source;
  batch.values = {value};
  return batch;
}

std::vector<std::string> Printed(const std::vector<Observation>& observations) {
  std::vector<std::string> printed;
  for (const Observation& observation : observations) {
    printed.push_back(observation.vintage.value.printed);
  }
  return printed;
}

std::vector<std::string> Articles(const Observation& observation) {
  std::vector<std::string> articles;
  for (const Citation& citation : observation.vintage.citations) {
    articles.push_back(citation.article);
  }
  std::sort(articles.begin(), articles.end());
  return articles;
}

TEST_P(MetricStoreTest, ConflictsNameBothSources) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76"), GdpFigure("300", 2021)}));
  Apply(Publish("articles/b", 1, {GdpFigure("290"), GdpFigure("300", 2021)}));
  const auto page = store_->ListConflicts({.indicators = {"gdp"}}, Soon());
  ASSERT_OK(page);
  ASSERT_THAT(page->conflicts, SizeIs(1));
  EXPECT_FALSE(page->next.has_value());
  const Conflict& conflict = page->conflicts.front();
  EXPECT_EQ(conflict.preferred.vintage.value.printed, "290亿元");
  EXPECT_THAT(Articles(conflict.preferred), ElementsAre("articles/b"));
  ASSERT_THAT(conflict.others, SizeIs(1));
  EXPECT_EQ(conflict.others[0].vintage.value.printed, "281.76亿元");
  EXPECT_THAT(Articles(conflict.others[0]), ElementsAre("articles/a"));
  const auto after = store_->ListConflicts({.after = conflict.preferred.key}, Soon());
  ASSERT_OK(after);
  EXPECT_THAT(after->conflicts, IsEmpty());
}

TEST_P(MetricStoreTest, APreferredValueIsTheOneThatIsAnswered) {
  Apply(Publish("articles/new", 1, {PublishedOn(GdpFigure("290"), 2022, 1, 5)}));
  Apply(Publish("articles/old", 1, {PublishedOn(GdpFigure("281.76"), 2021, 12, 20)}));
  const auto page = store_->ListConflicts({}, Soon());
  ASSERT_OK(page);
  ASSERT_THAT(page->conflicts, SizeIs(1));
  EXPECT_EQ(Describe({page->conflicts[0].preferred}), Describe(Query()));
  EXPECT_THAT(Articles(page->conflicts[0].others.at(0)), ElementsAre("articles/old"));
}

TEST_P(MetricStoreTest, EveryOtherValueStandsOnceWithAllItsSources) {
  Apply(Publish("articles/a", 1, {GdpFigure("270")}));
  Apply(Publish("articles/b", 1, {GdpFigure("270")}));
  ASSERT_OK(store_->Record(Loaded("yearbook", "270亿元", "27000000000")).status());
  Apply(Publish("articles/c", 1, {GdpFigure("281.76")}));
  ASSERT_OK(store_->Record(Loaded("office", "290亿元", "29000000000")).status());
  const auto page = store_->ListConflicts({}, Soon());
  ASSERT_OK(page);
  ASSERT_THAT(page->conflicts, SizeIs(1));
  EXPECT_EQ(page->conflicts[0].preferred.vintage.source, "office");
  const auto& others = page->conflicts[0].others;
  EXPECT_THAT(Printed(others), ElementsAre("281.76亿元", "270亿元"));
  EXPECT_THAT(Articles(others.at(1)), ElementsAre("articles/a", "articles/b"));
  EXPECT_EQ(others.at(1).vintage.source, "yearbook");
}

TEST_P(MetricStoreTest, ARoundedValueIsNoConflict) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  Apply(Publish("articles/b", 1, {GdpFigure("281.8")}));
  auto page = store_->ListConflicts({}, Soon());
  ASSERT_OK(page);
  EXPECT_THAT(page->conflicts, IsEmpty());
  Apply(Publish("articles/c", 1, {GdpFigure("281.7")}));
  page = store_->ListConflicts({}, Soon());
  ASSERT_OK(page);
  ASSERT_THAT(page->conflicts, SizeIs(1));
  EXPECT_EQ(page->conflicts[0].preferred.vintage.value.printed, "281.7亿元");
  EXPECT_THAT(Printed(page->conflicts[0].others), ElementsAre("281.8亿元", "281.76亿元"));
}

TEST_P(MetricStoreTest, ATenthOfAPointOfGrowthIsAConflict) {
  Apply(Publish("articles/a", 1, {Growth("8.4")}));
  Apply(Publish("articles/b", 1, {Growth("8.5")}));
  const auto page = store_->ListConflicts({}, Soon());
  ASSERT_OK(page);
  ASSERT_THAT(page->conflicts, SizeIs(1));
  EXPECT_THAT(Printed(page->conflicts[0].others), ElementsAre("8.4%"));
}

TEST_P(MetricStoreTest, ALoadedFileAndAnArticleMayDisagree) {
  ASSERT_OK(store_->Record(Loaded("yearbook", "285.31亿元", "28531000000")).status());
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  const auto page = store_->ListConflicts({}, Soon());
  ASSERT_OK(page);
  ASSERT_THAT(page->conflicts, SizeIs(1));
  EXPECT_THAT(Articles(page->conflicts[0].preferred), ElementsAre("articles/a"));
  EXPECT_EQ(page->conflicts[0].others.at(0).vintage.source, "yearbook");
  EXPECT_THAT(page->conflicts[0].others.at(0).vintage.citations, IsEmpty());
}

TEST_P(MetricStoreTest, ARevisionIsNoConflict) {
  const auto of_round = [](const std::string& yi_yuan, RevisionStage stage, int year) {
    Figure figure = PublishedOn(GdpFigure(yi_yuan), year, 1, 20);
    figure.stage = stage;
    return figure;
  };
  Apply(Publish("articles/a", 1, {of_round("281.76", RevisionStage::kPreliminary, 2021)}));
  Apply(Publish("articles/b", 1, {of_round("290", RevisionStage::kFinal, 2022)}));
  auto page = store_->ListConflicts({}, Soon());
  ASSERT_OK(page);
  EXPECT_THAT(page->conflicts, IsEmpty());
  Apply(Publish("articles/c", 1, {of_round("285", RevisionStage::kFinal, 2022)}));
  page = store_->ListConflicts({}, Soon());
  ASSERT_OK(page);
  ASSERT_THAT(page->conflicts, SizeIs(1));
  EXPECT_EQ(page->conflicts[0].preferred.vintage.value.printed, "285亿元");
  EXPECT_THAT(Printed(page->conflicts[0].others), ElementsAre("290亿元"));
}

TEST_P(MetricStoreTest, AConflictEndsWithOneOfItsSources) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  Apply(Publish("articles/b", 1, {GdpFigure("290")}));
  Apply(Unpublish("articles/b", 2));
  const auto page = store_->ListConflicts({}, Soon());
  ASSERT_OK(page);
  EXPECT_THAT(page->conflicts, IsEmpty());
}

TEST_P(MetricStoreTest, ConflictsArePagedInTheOrderOfKeys) {
  std::vector<Figure> first, second;
  for (int year = 2010; year < 2020; ++year) {
    first.push_back(GdpFigure("281.76", year));
    // Those of even years agree: what is skipped must not end a page early.
    second.push_back(GdpFigure(year % 2 == 0 ? "281.8" : "290", year));
  }
  Apply(Publish("articles/a", 1, first));
  Apply(Publish("articles/b", 1, second));
  ConflictQuery query{.page_size = 2};
  std::vector<std::string> periods;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = store_->ListConflicts(query, Soon());
    ASSERT_OK(page);
    EXPECT_LE(page->conflicts.size(), 2u);
    for (const Conflict& conflict : page->conflicts) {
      periods.push_back(conflict.preferred.key.period.ToString());
    }
    if (!page->next.has_value()) break;
    query.after = page->next;
  }
  EXPECT_THAT(periods, ElementsAre("2011", "2013", "2015", "2017", "2019"));
}

TEST_P(MetricStoreTest, ANewerPromiseTakesThePlaceOfEarlierOnes) {
  Apply(Publish("articles/plan", 1, {Promise("500", 2025, 2021)}));
  Apply(Publish("articles/report22", 1, {Promise("480", 2025, 2022)}));
  Apply(Publish("articles/report23", 1, {Promise("460", 2025, 2023), Promise("600", 2030, 2023)}));
  // An actual that was revised is no promise.
  Apply(Publish("articles/a", 1, {PublishedOn(GdpFigure("281.76"), 2021, 1, 1)}));
  Apply(Publish("articles/b", 1, {PublishedOn(GdpFigure("290"), 2022, 1, 1)}));
  const auto superseded = store_->ListSupersededTargets({"gdp"}, {"522601"}, 100, Soon());
  ASSERT_OK(superseded);
  EXPECT_THAT(Printed(*superseded), ElementsAre("480亿元", "500亿元"));
  EXPECT_THAT(Articles(superseded->at(1)), ElementsAre("articles/plan"));
  EXPECT_THAT(*store_->ListSupersededTargets({}, {}, 1, Soon()), SizeIs(1));
  EXPECT_THAT(*store_->ListSupersededTargets({"gdp"}, {"52"}, 100, Soon()), IsEmpty());
}

TEST_P(MetricStoreTest, ARetractedPromiseTookNobodysPlace) {
  Apply(Publish("articles/plan", 1, {Promise("500", 2025, 2021)}));
  Apply(Publish("articles/report22", 1, {Promise("480", 2025, 2022)}));
  Apply(Publish("articles/report23", 1, {Promise("460", 2025, 2023)}));
  Apply(Unpublish("articles/report22", 2));
  EXPECT_THAT(Printed(*store_->ListSupersededTargets({}, {}, 100, Soon())), ElementsAre("500亿元"));
  Apply(Unpublish("articles/report23", 2));
  EXPECT_THAT(*store_->ListSupersededTargets({}, {}, 100, Soon()), IsEmpty());
  ASSERT_THAT(Query(), SizeIs(1));
  EXPECT_EQ(Query()[0].vintage.value.printed, "500亿元");
}

}  // namespace
}  // namespace cityinfo::metrics
