#include "services/metrics/domain/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "services/metrics/domain/decimal.h"
#include "services/metrics/domain/granularity.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/metrics/observation_builder.h"

namespace cityinfo::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Observation Level(const std::string& period, const std::string& exact) {
  return ObservationBuilder("gdp", period).Value("", exact).Build();
}

std::string Compared(Units units, const std::string& period, const std::string& index = "") {
  std::optional<Period> base;
  if (!index.empty()) base = *Period::Parse(index);
  const std::optional<Period> compared = ComparedPeriod(units, *Period::Parse(period), base);
  return compared.has_value() ? compared->ToString() : "none";
}

std::string Value(Units units, const std::string& own, const std::string& earlier,
                  const std::string& period = "2021") {
  const std::optional<Observation> computed =
      Compute(units, Level(period, own), Level("2020", earlier));
  return computed.has_value() ? computed->vintage.value.exact_value : "none";
}

TEST(GranularityTest, EveryPeriodIsOfOneKindAndItsNameIsReadBack) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"2021", "YEARLY"},
      {"2021-H2", "HALF_YEARLY"},
      {"2021-Q4", "QUARTERLY"},
      {"2021-09", "MONTHLY"},
      {"2021-09-29", "DAILY"},
      {"2021-01/2021-09", "CUMULATIVE_MONTHS"},
      {"2021-01/2021-12", "CUMULATIVE_MONTHS"},
      {"2021-02/2021-09", "MONTH_SPAN"},
      {"2020-01/2021-09", "MONTH_SPAN"},
      {"2016/2020", "YEAR_SPAN"}};
  for (const auto& [period, name] : cases) {
    const Granularity granularity = GranularityOf(*Period::Parse(period));
    EXPECT_EQ(ToString(granularity), name) << period;
    EXPECT_EQ(ParseGranularity(name), granularity);
  }
  EXPECT_EQ(ParseGranularity("yearly"), std::nullopt);
}

TEST(UnitsTest, NamesAreReadBack) {
  for (const Units units : {Units::kLin, Units::kChg, Units::kCh1, Units::kPch, Units::kPc1,
                            Units::kPca, Units::kNbd}) {
    EXPECT_EQ(ParseUnits(ToString(units)), units);
  }
  EXPECT_EQ(ParseUnits("pc1"), std::nullopt);
}

TEST(UnitsTest, ThePeriodBeforeAndTheYearAgo) {
  const std::vector<std::tuple<const char*, const char*, const char*>> cases = {
      {"2021", "2020", "2020"},
      {"2021-H1", "2020-H2", "2020-H1"},
      {"2021-H2", "2021-H1", "2020-H2"},
      {"2021-Q1", "2020-Q4", "2020-Q1"},
      {"2021-Q3", "2021-Q2", "2020-Q3"},
      {"2021-01", "2020-12", "2020-01"},
      {"2021-12", "2021-11", "2020-12"},
      {"2021-03-01", "2021-02-28", "2020-03-01"},
      {"2020-02-29", "2020-02-28", "none"},
      {"2021-01/2021-09", "2020-01/2020-09", "2020-01/2020-09"},
      {"2020-10/2021-03", "2019-10/2020-03", "2019-10/2020-03"},
      {"2020-01/2021-03", "none", "none"},
      {"2016/2020", "2011/2015", "none"},
      {"0001", "none", "none"},
      {"0001-01", "none", "none"},
      {"0003/0007", "none", "none"}};
  for (const auto& [period, before, year_ago] : cases) {
    EXPECT_EQ(Compared(Units::kChg, period), before) << period;
    EXPECT_EQ(Compared(Units::kPch, period), before) << period;
    EXPECT_EQ(Compared(Units::kCh1, period), year_ago) << period;
    EXPECT_EQ(Compared(Units::kPc1, period), year_ago) << period;
    EXPECT_EQ(Compared(Units::kLin, period), "none") << period;
  }
}

TEST(UnitsTest, PcaNeedsAWholeNumberOfPeriodsInAYear) {
  EXPECT_EQ(Compared(Units::kPca, "2021-Q1"), "2020-Q4");
  EXPECT_EQ(Compared(Units::kPca, "2021-01/2021-09"), "2020-01/2020-09");
  EXPECT_EQ(Compared(Units::kPca, "2021-09-29"), "none");
  EXPECT_EQ(Compared(Units::kPca, "2016/2020"), "none");
}

TEST(UnitsTest, AnIndexComparesPeriodsOfOneShape) {
  EXPECT_EQ(Compared(Units::kNbd, "2021", "2015"), "2015");
  EXPECT_EQ(Compared(Units::kNbd, "2010", "2015"), "2015") << "also what lies before";
  EXPECT_EQ(Compared(Units::kNbd, "2021-Q3", "2015-Q1"), "2015-Q1");
  EXPECT_EQ(Compared(Units::kNbd, "2021-Q3", "2015"), "none");
  EXPECT_EQ(Compared(Units::kNbd, "2021-01/2021-09", "2015-01/2015-09"), "2015-01/2015-09");
  EXPECT_EQ(Compared(Units::kNbd, "2021-01/2021-09", "2015-01/2015-08"), "none");
  EXPECT_EQ(Compared(Units::kNbd, "2016/2020", "2011/2015"), "2011/2015");
  EXPECT_EQ(Compared(Units::kNbd, "2016/2020", "2011/2014"), "none");
  EXPECT_EQ(Compared(Units::kNbd, "2021"), "none");
}

TEST(UnitsTest, ValuesAreExactOrRoundedToSixPlaces) {
  EXPECT_EQ(Value(Units::kChg, "28176000000", "26047000000"), "2129000000");
  EXPECT_EQ(Value(Units::kCh1, "0.1", "0.3"), "-0.2") << "no binary fraction anywhere";
  EXPECT_EQ(Value(Units::kPch, "110", "100"), "10");
  EXPECT_EQ(Value(Units::kPc1, "28176000000", "26047000000"), "8.173686");
  EXPECT_EQ(Value(Units::kPc1, "2", "3"), "-33.333333");
  EXPECT_EQ(Value(Units::kPc1, "5", "5"), "0") << "no change is a value";
  EXPECT_EQ(Value(Units::kNbd, "110", "80"), "137.5");
  EXPECT_EQ(Value(Units::kNbd, "80", "80"), "100");
  EXPECT_EQ(Value(Units::kPca, "101", "100", "2021-Q2"), "4.060401");
  EXPECT_EQ(Value(Units::kPca, "101", "100", "2021-H2"), "2.01");
  EXPECT_EQ(Value(Units::kPca, "101", "100", "2021-07"), "12.682503");
  EXPECT_EQ(Value(Units::kPca, "101", "100", "2021"), "1");
  // 1.0000000001 ^ 12 is 1 + 1.2e-9 and a little: not lost in the digits of the powers.
  EXPECT_EQ(Value(Units::kPca, "1000000000100000", "1000000000000000", "2021-07"), "0");
  EXPECT_EQ(Value(Units::kPca, "1000001000000000", "1000000000000000", "2021-07"), "0.0012");
}

TEST(UnitsTest, WhatCannotBeComputedIsAbsent) {
  EXPECT_EQ(Value(Units::kPc1, "5", "0"), "none");
  EXPECT_EQ(Value(Units::kChg, "5", "0"), "none");
  EXPECT_EQ(Value(Units::kLin, "5", "4"), "none");
  Observation percent = Level("2020", "5");
  percent.vintage.value.unit = "%";
  EXPECT_EQ(Compute(Units::kChg, Level("2021", "6"), percent), std::nullopt);
  Observation range = Level("2020", "5");
  range.vintage.value.qualifier = Qualifier::kRange;
  range.vintage.value.exact_value_high = "6";
  EXPECT_EQ(Compute(Units::kChg, Level("2021", "6"), range), std::nullopt);
  EXPECT_EQ(Compute(Units::kChg, range, Level("2019", "6")), std::nullopt);
}

TEST(UnitsTest, AComputedValueSaysWhatItIs) {
  Observation own = Level("2021", "110");
  own.vintage.number = 3;
  own.vintage.publish_date = {2022, 3, 1};
  own.vintage.record_time = absl::FromUnixSeconds(100);
  own.vintage.citations.push_back({.article = "articles/a", .quote = "全年生产总值110元。"});
  Observation earlier = Level("2020", "100");
  earlier.vintage.publish_date = {2022, 4, 1};
  earlier.vintage.record_time = absl::FromUnixSeconds(50);
  const std::optional<Observation> computed = Compute(Units::kPc1, own, earlier);
  ASSERT_TRUE(computed.has_value());
  EXPECT_EQ(computed->key, own.key);
  EXPECT_THAT(computed->computed_from, ElementsAre(own.key, earlier.key));
  const Vintage& vintage = computed->vintage;
  EXPECT_EQ(vintage.publish_date, (base::Date{2022, 4, 1})) << "known when both had been published";
  EXPECT_EQ(vintage.record_time, absl::FromUnixSeconds(100));
  EXPECT_EQ(vintage.number, 0);
  EXPECT_EQ(vintage.value.unit, "%");
  EXPECT_EQ(vintage.value.printed, "");
  EXPECT_EQ(vintage.value.qualifier, Qualifier::kExact);
  EXPECT_THAT(vintage.citations, IsEmpty()) << "no sentence states it";
  EXPECT_EQ(Compute(Units::kCh1, own, earlier)->vintage.value.unit, "元");
  EXPECT_EQ(Compute(Units::kNbd, own, earlier)->vintage.value.unit, "");
  own.vintage.value.qualifier = Qualifier::kOver;
  EXPECT_EQ(Compute(Units::kPc1, own, earlier)->vintage.value.qualifier, Qualifier::kAbout);
}

// Twenty years of each kind of period that has one before it.
std::vector<std::vector<Period>> AllSeries() {
  std::vector<std::vector<Period>> all(5);
  for (int year = 1990; year < 2010; ++year) {
    all[0].push_back(Period::Year(year));
    for (int half = 1; half <= 2; ++half) all[1].push_back(Period::Half(year, half));
    for (int quarter = 1; quarter <= 4; ++quarter) all[2].push_back(Period::Quarter(year, quarter));
    for (int month = 1; month <= 12; ++month) all[3].push_back(Period::Month(year, month));
    all[4].push_back(Period::Months(year, 1, year, 5));
  }
  return all;
}

// From the first level on, the changes lead to every later one, to the last digit.
TEST(UnitsTest, ChangesAddUpToTheLevels) {
  std::mt19937 random(20261124);
  for (const std::vector<Period>& series : AllSeries()) {
    std::vector<Observation> levels;
    for (const Period& period : series) {
      const std::string exact =
          std::to_string(1 + random() % 1'000'000) + "." + std::to_string(1 + random() % 1'000'000);
      levels.push_back(Level(period.ToString(), Decimal::Parse(exact)->ToString()));
    }
    Decimal sum = *Decimal::Parse(levels[0].vintage.value.exact_value);
    for (size_t i = 1; i < levels.size(); ++i) {
      ASSERT_EQ(ComparedPeriod(Units::kChg, series[i], std::nullopt), series[i - 1]);
      const auto change = Compute(Units::kChg, levels[i], levels[i - 1]);
      ASSERT_TRUE(change.has_value());
      sum = sum.Plus(*Decimal::Parse(change->vintage.value.exact_value));
      EXPECT_EQ(sum.ToString(), levels[i].vintage.value.exact_value) << series[i].ToString();
    }
  }
}

}  // namespace
}  // namespace cityinfo::metrics
