// What is computed of published levels on request.
#include <gmock/gmock.h>

#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "services/metrics/domain/units.h"
#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Units kComputed[] = {Units::kChg, Units::kCh1, Units::kPch,
                               Units::kPc1, Units::kPca, Units::kNbd};

Figure LevelOf(const std::string& indicator, const std::string& place, const std::string& period,
               int yi_yuan) {
  Figure figure = GdpFigure(absl::StrCat(yi_yuan));
  figure.indicator = indicator;
  figure.place = place;
  figure.period = *Period::Parse(period);
  figure.citation.quote = absl::StrCat(indicator, place, period, "为", yi_yuan, "亿元");
  return figure;
}

ObservationQuery ComputedQuery(Units units, ObservationQuery query = {}) {
  query.measures = {Measure::kLevel};
  query.kinds = {Kind::kActual};
  query.units = units;
  if (units == Units::kNbd && !query.index_period.has_value()) {
    query.index_period = Period::Year(2010);
  }
  return query;
}

// "2020=10%", one an observation.
std::vector<std::string> Values(const std::vector<Observation>& observations) {
  std::vector<std::string> values;
  for (const Observation& observation : observations) {
    values.push_back(absl::StrCat(observation.key.period.ToString(), "=",
                                  observation.vintage.value.exact_value,
                                  observation.vintage.value.unit));
  }
  return values;
}

TEST_P(MetricStoreTest, LevelsAreComparedWithWhatLiesOutsideTheFilters) {
  Apply(Publish("articles/a", 1,
                {LevelOf("gdp", "52", "2018", 100), LevelOf("gdp", "52", "2019", 110),
                 LevelOf("gdp", "52", "2020", 121), LevelOf("gdp", "5226", "2019", 7),
                 LevelOf("retail", "5226", "2020", 8)}));
  const auto growth =
      Query(ComputedQuery(Units::kPc1, {.indicators = {"gdp"}, .period_from = Period::Year(2020)}));
  ASSERT_THAT(Values(growth), ElementsAre("2020=10%"));
  EXPECT_THAT(growth[0].computed_from,
              ElementsAre(*ObservationKey::FromId("gdp.52.LEVEL.ACTUAL.2020"),
                          *ObservationKey::FromId("gdp.52.LEVEL.ACTUAL.2019")));
  EXPECT_THAT(growth[0].vintage.citations, IsEmpty());
  EXPECT_THAT(Values(Query(ComputedQuery(Units::kChg))),
              ElementsAre("2019=1000000000元", "2020=1100000000元"));
  EXPECT_THAT(Values(Query(ComputedQuery(Units::kChg, {.last_n = 1}))),
              ElementsAre("2020=1100000000元"))
      << "a newest level that cannot be compared is absent, the one before it is not taken instead";
  EXPECT_THAT(Values(Query(ComputedQuery(Units::kNbd, {.index_period = Period::Year(2019)}))),
              ElementsAre("2018=90.909091", "2019=100", "2020=110", "2019=100"));
  EXPECT_THAT(Query(ComputedQuery(Units::kPc1, {.places = {"5226"}})), IsEmpty());
}

TEST_P(MetricStoreTest, PromisesAndOtherUnitsAreNeverCompared) {
  Figure target = LevelOf("gdp", "52", "2019", 50);
  target.kind = Kind::kTarget;
  Figure tonnes = LevelOf("grain", "52", "2019", 50);
  tonnes.value.unit = "吨";
  Apply(Publish(
      "articles/a", 1,
      {target, LevelOf("gdp", "52", "2020", 100), tonnes, LevelOf("grain", "52", "2020", 60)}));
  EXPECT_THAT(Query(ComputedQuery(Units::kChg)), IsEmpty());
}

TEST_P(MetricStoreTest, MonthsCountedUpAreComparedWithTheSameMonths) {
  Apply(Publish(
      "articles/a", 1,
      {LevelOf("gdp", "52", "2020-01/2020-09", 200), LevelOf("gdp", "52", "2021-01/2021-08", 190),
       LevelOf("gdp", "52", "2021-01/2021-09", 220)}));
  for (const Units units : {Units::kPch, Units::kPc1, Units::kPca}) {
    EXPECT_THAT(Values(Query(ComputedQuery(units))), ElementsAre("2021-01/2021-09=10%"));
  }
}

TEST_P(MetricStoreTest, APublishedGrowthStandsBesideTheComputedOne) {
  Figure real = LevelOf("gdp", "52", "2020", 1);
  real.measure = Measure::kYoyGrowth;
  real.value = {.printed = "4.5%", .exact_value = "4.5", .unit = "%"};
  Apply(Publish("articles/a", 1,
                {LevelOf("gdp", "52", "2019", 100), LevelOf("gdp", "52", "2020", 107), real}));
  const auto published = Query({.measures = {Measure::kYoyGrowth}});
  const auto computed = Query(ComputedQuery(Units::kPc1));
  ASSERT_THAT(Values(published), ElementsAre("2020=4.5%"));
  ASSERT_THAT(Values(computed), ElementsAre("2020=7%"));
  EXPECT_THAT(published[0].computed_from, IsEmpty());
  EXPECT_THAT(published[0].vintage.citations, SizeIs(1));
  EXPECT_EQ(published[0].key.measure, Measure::kYoyGrowth);
  EXPECT_EQ(computed[0].key.measure, Measure::kLevel);
  EXPECT_THAT(computed[0].computed_from, SizeIs(2));
}

TEST_P(MetricStoreTest, WhatIsComputedIsAsOldAsWhatItIsComputedOf) {
  const auto published_on = [](Figure figure, base::Date day) {
    figure.publish_date = figure.citation.publish_date = day;
    return figure;
  };
  Apply(Publish("articles/a", 1,
                {published_on(LevelOf("gdp", "52", "2019", 100), {2021, 1, 20}),
                 published_on(LevelOf("gdp", "52", "2020", 120), {2021, 1, 20})}));
  const absl::Time before = clock_.Now();
  Apply(Publish("articles/b", 1, {published_on(LevelOf("gdp", "52", "2019", 96), {2021, 12, 30})}));
  const auto now = Query(ComputedQuery(Units::kPc1));
  ASSERT_THAT(Values(now), ElementsAre("2020=25%"));
  EXPECT_EQ(now[0].vintage.publish_date, (base::Date{2021, 12, 30}));
  const auto then = Query(ComputedQuery(Units::kPc1, {.as_of = before}));
  ASSERT_THAT(Values(then), ElementsAre("2020=20%"));
  EXPECT_EQ(then[0].vintage.publish_date, (base::Date{2021, 1, 20}));
  EXPECT_THAT(
      Values(Query(ComputedQuery(
          Units::kPc1, {.published_as_of = base::Date{.year = 2021, .month = 12, .day = 29}}))),
      ElementsAre("2020=20%"));
  EXPECT_THAT(
      Query(ComputedQuery(Units::kPc1,
                          {.published_as_of = base::Date{.year = 2021, .month = 1, .day = 19}})),
      IsEmpty());
}

// Levels of several series with gaps in them, from a seed.
std::vector<Figure> RandomLevels(std::mt19937& random) {
  std::vector<Figure> figures;
  for (const char* indicator : {"gdp", "retail"}) {
    for (const char* place : {"52", "5226"}) {
      for (int year = 2008; year <= 2016; ++year) {
        for (const std::string& period :
             {absl::StrCat(year), absl::StrCat(year, "-Q1"), absl::StrCat(year, "-Q2"),
              absl::StrCat(year, "-01/", year, "-06")}) {
          if (random() % 4 == 0) continue;
          figures.push_back(LevelOf(indicator, place, period, static_cast<int>(random() % 900)));
        }
      }
    }
  }
  return figures;
}

// The same from the levels alone, one by one.
std::vector<Observation> ComputedOneByOne(Units units, const std::optional<Period>& index,
                                          const std::vector<Observation>& asked,
                                          const std::vector<Observation>& all) {
  std::map<std::string, Observation> by_id;
  for (const Observation& level : all) by_id[level.key.ToId()] = level;
  std::vector<Observation> computed;
  for (const Observation& level : asked) {
    const auto compared = ComparedPeriod(units, level.key.period, index);
    if (!compared.has_value()) continue;
    ObservationKey key = level.key;
    key.period = *compared;
    const auto earlier = by_id.find(key.ToId());
    if (earlier == by_id.end()) continue;
    const auto result = Compute(units, level, earlier->second);
    if (result.has_value()) computed.push_back(*result);
  }
  return computed;
}

TEST_P(MetricStoreTest, PagesOfComputedValuesJoinToTheWhole) {
  std::mt19937 random(5);
  Apply(Publish("articles/a", 1, RandomLevels(random)));
  const std::vector<Observation> levels = Query({.page_size = 1000});
  const std::vector<ObservationQuery> questions = {
      {},
      {.period_from = Period::Year(2012)},
      {.last_n = 3},
      {.granularities = {Granularity::kYearly, Granularity::kQuarterly}}};
  for (const Units units : kComputed) {
    for (const ObservationQuery& question : questions) {
      ObservationQuery whole_query = ComputedQuery(units, question);
      whole_query.page_size = 1000;
      const std::vector<Observation> whole = Query(whole_query);
      ObservationQuery published = question;
      published.page_size = 1000;
      EXPECT_EQ(Describe(whole), Describe(ComputedOneByOne(units, whole_query.index_period,
                                                           Query(published), levels)))
          << ToString(units);
      for (const int size : {1, 3, 10}) {
        ObservationQuery query = whole_query;
        query.page_size = size;
        query.Normalize();
        std::vector<Observation> paged;
        for (bool more = true; more;) {
          const auto page = store_->QueryObservations(query, Soon());
          ASSERT_OK(page);
          ASSERT_LE(page->observations.size(), static_cast<size_t>(size));
          paged.insert(paged.end(), page->observations.begin(), page->observations.end());
          more = page->more;
          ASSERT_TRUE(!more || page->last.has_value());
          if (more) query.after = page->last;
        }
        EXPECT_EQ(Describe(paged), Describe(whole)) << ToString(units) << " by " << size;
      }
    }
  }
}

}  // namespace
}  // namespace cityinfo::metrics
