// What questions must be answered.
#include <gmock/gmock.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> Ids(const std::vector<Observation>& observations) {
  std::vector<std::string> ids;
  for (const Observation& observation : observations) ids.push_back(observation.key.ToId());
  return ids;
}

Figure Of(const std::string& indicator, const std::string& place, const std::string& period,
          Measure measure = Measure::kLevel, Kind kind = Kind::kActual) {
  Figure figure = GdpFigure(absl::StrCat(indicator.size() * 100 + place.size()));
  figure.indicator = indicator;
  figure.place = place;
  figure.period = *Period::Parse(period);
  figure.measure = measure;
  figure.kind = kind;
  figure.citation.quote = absl::StrCat(indicator, place, period, ToString(measure), ToString(kind));
  return figure;
}

TEST_P(MetricStoreTest, FiltersAreAndedAndTheirValuesOred) {
  Apply(Publish(
      "articles/a", 1,
      {Of("gdp", "522601", "2020"), Of("gdp", "5226", "2020"), Of("retail", "522601", "2020"),
       Of("gdp", "522601", "2025", Measure::kLevel, Kind::kTarget),
       Of("gdp", "522601", "2016/2020", Measure::kAverageGrowth)}));
  EXPECT_THAT(Ids(Query({.indicators = {"gdp"}, .places = {"522601"}})),
              ElementsAre("gdp.522601.LEVEL.ACTUAL.2020", "gdp.522601.LEVEL.TARGET.2025",
                          "gdp.522601.AVERAGE_GROWTH.ACTUAL.2016_2020"));
  EXPECT_THAT(Ids(Query({.indicators = {"retail", "gdp", "gdp"},
                         .measures = {Measure::kLevel},
                         .kinds = {Kind::kActual}})),
              ElementsAre("gdp.5226.LEVEL.ACTUAL.2020", "gdp.522601.LEVEL.ACTUAL.2020",
                          "retail.522601.LEVEL.ACTUAL.2020"));
  EXPECT_THAT(Query({.indicators = {"exports"}}), IsEmpty());
}

TEST_P(MetricStoreTest, PeriodsAreOrderedByTheirEndAndCutByRanges) {
  Apply(Publish("articles/a", 1,
                {Of("gdp", "52", "2021"), Of("gdp", "52", "2021-Q3"), Of("gdp", "52", "2020"),
                 Of("gdp", "52", "2021-01/2021-09"), Of("gdp", "52", "2021-09"),
                 Of("gdp", "52", "2021-H1")}));
  EXPECT_THAT(Ids(Query()),
              ElementsAre("gdp.52.LEVEL.ACTUAL.2020", "gdp.52.LEVEL.ACTUAL.2021-H1",
                          "gdp.52.LEVEL.ACTUAL.2021-01_2021-09", "gdp.52.LEVEL.ACTUAL.2021-Q3",
                          "gdp.52.LEVEL.ACTUAL.2021-09", "gdp.52.LEVEL.ACTUAL.2021"));
  EXPECT_THAT(Ids(Query({.period_from = *Period::Parse("2021-07"),
                         .period_to = *Period::Parse("2021-Q3")})),
              ElementsAre("gdp.52.LEVEL.ACTUAL.2021-01_2021-09", "gdp.52.LEVEL.ACTUAL.2021-Q3",
                          "gdp.52.LEVEL.ACTUAL.2021-09"));
}

// A range is one of days in which a period must end, so bounds of one kind cut periods of all.
TEST_P(MetricStoreTest, BoundsOfOneKindCutPeriodsOfAllKinds) {
  const std::vector<std::string> all = {"2016/2020",       "2020",    "2021-03", "2021-Q1",
                                        "2021-H1",         "2021-09", "2021-Q3", "2021-01/2021-09",
                                        "2020-10/2021-09", "2021",    "2021-12", "2021/2025"};
  std::vector<Figure> figures;
  for (const std::string& period : all) figures.push_back(Of("gdp", "52", period));
  Apply(Publish("articles/a", 1, figures));
  const auto between = [&](const std::string& from, const std::string& to) {
    ObservationQuery query;
    if (!from.empty()) query.period_from = *Period::Parse(from);
    if (!to.empty()) query.period_to = *Period::Parse(to);
    std::vector<std::string> periods;
    for (const Observation& found : Query(query)) periods.push_back(found.key.period.ToString());
    std::sort(periods.begin(), periods.end());
    return periods;
  };
  using ::testing::UnorderedElementsAre;
  EXPECT_THAT(between("", "2020"), UnorderedElementsAre("2016/2020", "2020"));
  EXPECT_THAT(between("2020", "2020"), UnorderedElementsAre("2016/2020", "2020"));
  EXPECT_THAT(between("2021-H1", "2021-H1"), UnorderedElementsAre("2021-03", "2021-Q1", "2021-H1"));
  EXPECT_THAT(between("2021-09", "2021-Q3"),
              UnorderedElementsAre("2021-09", "2021-Q3", "2021-01/2021-09", "2020-10/2021-09"));
  EXPECT_THAT(between("2021-Q4", "2021"), UnorderedElementsAre("2021", "2021-12"));
  EXPECT_THAT(between("2021-10/2021-12", ""), UnorderedElementsAre("2021", "2021-12", "2021/2025"));
  EXPECT_THAT(between("2022", ""), UnorderedElementsAre("2021/2025"));
  EXPECT_THAT(between("2021/2025", "2021-01/2021-03"), UnorderedElementsAre("2021-03", "2021-Q1"));
  EXPECT_THAT(between("2021-09-30", "2021-09-30"),
              UnorderedElementsAre("2021-09", "2021-Q3", "2021-01/2021-09", "2020-10/2021-09"));
  EXPECT_THAT(between("", ""), SizeIs(all.size()));
}

TEST_P(MetricStoreTest, GranularitiesAreKindsOfPeriods) {
  const std::vector<std::string> all = {
      "2020",    "2021",       "2021-H1",         "2021-Q3",         "2021-01",  "2021-11",
      "2021-12", "2021-09-29", "2021-01/2021-09", "2020-10/2021-03", "2016/2020"};
  std::vector<Figure> figures;
  for (const std::string& period : all) figures.push_back(Of("gdp", "52", period));
  Apply(Publish("articles/a", 1, figures));
  for (const Granularity granularity :
       {Granularity::kYearly, Granularity::kHalfYearly, Granularity::kQuarterly,
        Granularity::kMonthly, Granularity::kDaily, Granularity::kCumulativeMonths,
        Granularity::kMonthSpan, Granularity::kYearSpan}) {
    std::vector<std::string> found;
    for (const Observation& observation : Query({.granularities = {granularity}})) {
      found.push_back(observation.key.period.ToString());
    }
    std::vector<std::string> want;
    for (const std::string& period : all) {
      if (GranularityOf(*Period::Parse(period)) == granularity) want.push_back(period);
    }
    EXPECT_EQ(found, want) << ToString(granularity);
  }
  EXPECT_THAT(Ids(Query({.last_n = 1, .granularities = {Granularity::kYearly}})),
              ElementsAre("gdp.52.LEVEL.ACTUAL.2021"));
  EXPECT_THAT(Ids(Query({.period_to = Period::Year(2020),
                         .granularities = {Granularity::kYearSpan, Granularity::kYearly}})),
              ElementsAre("gdp.52.LEVEL.ACTUAL.2016_2020", "gdp.52.LEVEL.ACTUAL.2020"));
}

TEST_P(MetricStoreTest, TheLatestValueIsNoPromise) {
  Apply(Publish("articles/a", 1,
                {Of("gdp", "52", "2020"), Of("gdp", "52", "2025", Measure::kLevel, Kind::kTarget),
                 Of("gdp", "52", "2021", Measure::kLevel, Kind::kForecast)}));
  EXPECT_THAT(Ids(Query({.last_n = 1})), ElementsAre("gdp.52.LEVEL.ACTUAL.2020"));
  EXPECT_THAT(Ids(Query({.kinds = {Kind::kTarget}, .last_n = 1})),
              ElementsAre("gdp.52.LEVEL.TARGET.2025"));
}

TEST_P(MetricStoreTest, PlacesThatDoNotExistHaveNothing) {
  Apply(Publish("articles/a", 1, {Of("gdp", "52", "2020")}));
  EXPECT_THAT(Query({.places = {kNoPlace}}), IsEmpty());
}

TEST_P(MetricStoreTest, LastNCountsPerSeries) {
  std::vector<Figure> figures;
  for (int year = 2010; year <= 2020; ++year) {
    figures.push_back(Of("gdp", "52", absl::StrCat(year)));
    if (year < 2012) figures.push_back(Of("gdp", "5226", absl::StrCat(year)));
  }
  Apply(Publish("articles/a", 1, figures));
  EXPECT_THAT(Ids(Query({.last_n = 2})),
              ElementsAre("gdp.52.LEVEL.ACTUAL.2019", "gdp.52.LEVEL.ACTUAL.2020",
                          "gdp.5226.LEVEL.ACTUAL.2010", "gdp.5226.LEVEL.ACTUAL.2011"));
  EXPECT_THAT(Ids(Query({.places = {"52"}, .period_to = Period::Year(2015), .last_n = 1})),
              ElementsAre("gdp.52.LEVEL.ACTUAL.2015"));
}

TEST_P(MetricStoreTest, PagesFollowOneAnotherWithoutGapOrRepeat) {
  std::vector<Figure> figures;
  for (int year = 2001; year <= 2020; ++year) {
    for (const char* place : {"52", "5226", "522601"}) {
      figures.push_back(Of("gdp", place, absl::StrCat(year)));
      figures.push_back(Of("retail", place, absl::StrCat(year), Measure::kYoyGrowth));
    }
  }
  Apply(Publish("articles/a", 1, figures));
  for (const int last_n : {0, 7}) {
    const std::vector<std::string> whole = Ids(Query({.last_n = last_n, .page_size = 1000}));
    ASSERT_THAT(whole, SizeIs(last_n == 0 ? 120 : 42));
    for (const int size : {1, 7, 20, 41, 120}) {
      ObservationQuery query{.last_n = last_n, .page_size = size};
      std::vector<std::string> paged;
      for (bool more = true; more;) {
        const auto page = store_->QueryObservations(query, Soon());
        ASSERT_OK(page);
        ASSERT_LE(page->observations.size(), static_cast<size_t>(size));
        for (const std::string& id : Ids(page->observations)) paged.push_back(id);
        more = page->more;
        ASSERT_TRUE(!more || !page->observations.empty());
        if (more) query.after = page->observations.back().key;
      }
      EXPECT_EQ(paged, whole) << "page_size " << size << " last_n " << last_n;
    }
  }
}

TEST_P(MetricStoreTest, FiguresArePagedNewestFirst) {
  for (int day = 1; day <= 5; ++day) {
    std::vector<Figure> figures;
    for (int block = 0; block < 3; ++block) {
      Figure figure = GdpFigure(absl::StrCat(100 * day + block), 2000 + block);
      figure.publish_date = figure.citation.publish_date = {2021, 5, day};
      figure.citation.block = block;
      figures.push_back(figure);
    }
    Apply(Publish(absl::StrCat("articles/", day), 1, figures));
  }
  std::vector<std::string> whole;
  for (const Figure& figure : Figures()) whole.push_back(figure.value.printed);
  ASSERT_THAT(whole, SizeIs(15));
  EXPECT_EQ(whole.front(), "500亿元");
  EXPECT_EQ(whole.back(), "102亿元");
  FigureQuery query{.page_size = 4};
  std::vector<std::string> paged;
  do {
    const auto page = store_->ListFigures(query, Soon());
    ASSERT_OK(page);
    for (const Figure& figure : page->figures) paged.push_back(figure.value.printed);
    query.after = page->next;
  } while (query.after.has_value());
  EXPECT_EQ(paged, whole);
  EXPECT_THAT(Figures({.article = "articles/3"}), SizeIs(3));
  EXPECT_THAT(
      Figures({.indicator = "gdp", .place = "522601", .review_state = ReviewState::kUnreviewed}),
      SizeIs(15));
  EXPECT_THAT(Figures({.review_state = ReviewState::kConfirmed}), IsEmpty());
  EXPECT_THAT(store_->ListFigures({.after = "not a position"}, Soon()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_P(MetricStoreTest, AnUnknownObservationHasNoVintages) {
  const auto key = ObservationKey::FromId("gdp.52.LEVEL.ACTUAL.2020");
  ASSERT_OK(key);
  const auto vintages = store_->ListVintages(*key, Soon());
  ASSERT_OK(vintages);
  EXPECT_THAT(*vintages, IsEmpty());
}

TEST_P(MetricStoreTest, WhatWillBeKnownIsNotKnown) {
  // By every clock: which of them decides is the store's business.
  ObservationQuery query{.as_of = std::max(clock_.Now(), absl::Now()) + absl::Hours(1)};
  EXPECT_THAT(store_->QueryObservations(query, Soon()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_P(MetricStoreTest, TheChangeFeedTellsWhatChangedInOrder) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76"), GdpFigure("300", 2021)}));
  Apply(Unpublish("articles/a", 2));
  const auto all = store_->ReadChanges(0, 100, Soon());
  ASSERT_OK(all);
  ASSERT_THAT(*all, SizeIs(4));
  for (size_t i = 0; i < all->size(); ++i) {
    EXPECT_EQ((*all)[i].retracted, i >= 2);
    EXPECT_THAT((*all)[i].observation.vintage.citations, SizeIs(1));
    if (i > 0) {
      EXPECT_GT((*all)[i].sequence, (*all)[i - 1].sequence);
    }
  }
  EXPECT_EQ((*all)[2].observation.vintage.value.printed, "281.76亿元");
  EXPECT_EQ((*all)[3].commit_time, clock_.Now());
  const auto rest = store_->ReadChanges((*all)[2].sequence, 100, Soon());
  ASSERT_OK(rest);
  EXPECT_THAT(*rest, SizeIs(1));
  const auto first = store_->ReadChanges(0, 1, Soon());
  ASSERT_OK(first);
  EXPECT_THAT(*first, SizeIs(1));
}

TEST_P(MetricStoreTest, DataVersionsAreTheSequencesOfTheirLastChanges) {
  Apply(Publish("articles/a", 1, {Of("gdp", "52", "2020"), Of("retail", "52", "2020")}));
  const std::vector<std::string> asked = {"gdp", "retail", "exports"};
  const std::vector<std::int64_t> first = versions_->Snapshot(asked);
  EXPECT_GT(first[0], 0);
  EXPECT_GT(first[1], 0);
  EXPECT_EQ(first[2], 0);
  Apply(Publish("articles/b", 1, {Of("retail", "52", "2021")}));
  const std::vector<std::int64_t> second = versions_->Snapshot(asked);
  EXPECT_EQ(second[0], first[0]) << "nothing touched it";
  EXPECT_GT(second[1], first[1]);
  EXPECT_EQ(versions_->Latest(), store_->ReadChanges(0, 100, Soon())->back().sequence);
  Reopen();
  EXPECT_EQ(versions_->Snapshot(asked), second);
  DataVersions empty;
  EXPECT_EQ(empty.Snapshot(asked), (std::vector<std::int64_t>{0, 0, 0}));
  EXPECT_OK(store_->RefreshDataVersions(Soon()));
}

TEST_P(MetricStoreTest, EachCommitGivesTheDataItTouchedAStateOfItsOwn) {
  const std::vector<std::string> asked = {"gdp", "retail"};
  Apply(Publish("articles/a", 1, {Of("gdp", "52", "2020"), Of("retail", "52", "2020")}));
  const std::vector<DataState> first = versions_->States(asked);
  Apply(Publish("articles/b", 1, {Of("retail", "52", "2021")}));
  const std::vector<DataState> second = versions_->States(asked);
  EXPECT_EQ(second[0], first[0]) << "nothing touched it";
  EXPECT_NE(second[1].stamp, first[1].stamp);
  EXPECT_EQ(versions_->States({}), std::vector<DataState>{second[1]}) << "of all";
  Reopen();
  EXPECT_EQ(versions_->States(asked), second) << "stamps are kept with the data";
}

}  // namespace
}  // namespace cityinfo::metrics
