#include "services/metrics/domain/plausibility.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/metrics/domain/decimal.h"
#include "tests/unit/metrics/observation_builder.h"

namespace cityinfo::metrics {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A level in 亿元 with as many decimals as are given.
Observation Level(const std::string& indicator, const std::string& period, const std::string& yi) {
  const Decimal value = *Decimal::Parse(yi);
  return ObservationBuilder(indicator, period)
      .Value(yi + "亿元", value.Times(Decimal::FromInteger(100'000'000)).ToString())
      .Build();
}

Observation Percent(const std::string& indicator, const std::string& period, Measure measure,
                    const std::string& percent) {
  return ObservationBuilder(indicator, period).As(measure).Value(percent + "%", percent).Build();
}

Observation Share(const std::string& indicator, const std::string& percent) {
  return Percent(indicator, "2021", Measure::kShare, percent);
}

Observation Growth(const std::string& indicator, const std::string& percent) {
  return Percent(indicator, "2021", Measure::kYoyGrowth, percent);
}

std::vector<PlausibilityFinding> Find(const std::vector<Observation>& observations) {
  return FindImplausible(observations, Catalogue::Embedded());
}

TEST(PlausibilityTest, AShareLiesBetweenNothingAndEverything) {
  const auto over = Find({Share("urbanization_rate", "165.7")});
  ASSERT_THAT(over, SizeIs(1));
  EXPECT_EQ(over[0].rule, PlausibilityRule::kShareOutOfRange);
  EXPECT_THAT(over[0].message, AllOf(HasSubstr("凯里市2021年城镇化率为165.7%"), HasSubstr("100%")));
  EXPECT_EQ(over[0].expected, "");
  EXPECT_THAT(Find({Share("forest_coverage", "-3")}), SizeIs(1));
  EXPECT_THAT(Find({Share("urbanization_rate", "100")}), IsEmpty());
  EXPECT_THAT(Find({Share("urbanization_rate", "0")}), IsEmpty());
  // Gross enrolment counts pupils of any age; a balance may be negative.
  EXPECT_THAT(Find({Share("senior_enrolment", "103.2")}), IsEmpty());
  Observation natural = Share("natural_growth_rate", "-1.2");
  natural.vintage.value.unit = "‰";
  EXPECT_THAT(Find({natural}), IsEmpty());
}

TEST(PlausibilityTest, PartsAddUpWithinWhatWasRounded) {
  const auto city = [](const char* total) {
    return std::vector<Observation>{Level("gdp", "2021", total),
                                    Level("value_added_primary", "2021", "20.14"),
                                    Level("value_added_secondary", "2021", "91.3"),
                                    Level("value_added_tertiary", "2021", "170.32")};
  };
  // The sum is 281.76; 0.005 + 0.005 + 0.05 + 0.005 are open.
  EXPECT_THAT(Find(city("281.76")), IsEmpty());
  EXPECT_THAT(Find(city("281.82")), IsEmpty());
  EXPECT_THAT(Find(city("281.8")), IsEmpty());
  const auto found = Find(city("281.83"));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].rule, PlausibilityRule::kPartsDoNotAddUp);
  EXPECT_EQ(found[0].observation.key.indicator, "gdp");
  EXPECT_THAT(found[0].compared, SizeIs(3));
  EXPECT_EQ(found[0].expected, "28176000000");
  EXPECT_THAT(found[0].message,
              AllOf(HasSubstr("281.83亿元"), HasSubstr("合计281.76亿元"), HasSubstr("少0.07亿元")));
}

TEST(PlausibilityTest, KnownPartsAreNotMoreThanTheirWhole) {
  const auto found = Find({Level("trade_total", "2021", "10"), Level("exports", "2021", "12")});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].expected, "") << "imports are not known";
  EXPECT_THAT(Find({Level("trade_total", "2021", "10"), Level("exports", "2021", "4")}), IsEmpty());
  // Another period, place or word is no part of it.
  Observation about = Level("exports", "2021", "12");
  about.vintage.value.qualifier = Qualifier::kAbout;
  EXPECT_THAT(Find({Level("trade_total", "2021", "10"), about}), IsEmpty());
  EXPECT_THAT(Find({Level("trade_total", "2021", "10"), Level("exports", "2020", "12")}),
              IsEmpty());
}

TEST(PlausibilityTest, TheSharesOfAllPartsAreOneHundred) {
  const auto city = [](const char* tertiary) {
    return std::vector<Observation>{Share("value_added_primary", "7.1"),
                                    Share("value_added_secondary", "32.4"),
                                    Share("value_added_tertiary", tertiary)};
  };
  EXPECT_THAT(Find(city("60.5")), IsEmpty());
  EXPECT_THAT(Find(city("60.6")), IsEmpty()) << "rounded one by one";
  const auto found = Find(city("65.0"));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observation.key.indicator, "value_added_primary");
  EXPECT_EQ(found[0].expected, "2.6");
  EXPECT_THAT(found[0].message, HasSubstr("合计104.5%"));
}

TEST(PlausibilityTest, GrowthIsHeldAgainstTheLevelsOfBothYears) {
  const auto city = [](const char* indicator, const char* percent) {
    return std::vector<Observation>{Level(indicator, "2020", "100.0"),
                                    Level(indicator, "2021", "108.0"), Growth(indicator, percent)};
  };
  // Income is published at current prices: half a point and rounding are open.
  EXPECT_THAT(Find(city("average_wage", "8.0")), IsEmpty());
  EXPECT_THAT(Find(city("average_wage", "8.6")), IsEmpty());
  const auto found = Find(city("average_wage", "6.0"));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].rule, PlausibilityRule::kGrowthContradictsLevels);
  EXPECT_EQ(found[0].observation.key.measure, Measure::kYoyGrowth);
  EXPECT_THAT(found[0].compared, SizeIs(2));
  EXPECT_EQ(found[0].expected, "8");
  EXPECT_THAT(found[0].message, AllOf(HasSubstr("6.0%"), HasSubstr("2020年100.0亿元"),
                                      HasSubstr("2021年108.0亿元"), HasSubstr("变动为8%")));
  // GDP is at constant prices: prices may explain much, but not everything.
  EXPECT_THAT(Find(city("gdp", "6.0")), IsEmpty());
  EXPECT_THAT(Find(city("gdp", "-4.0")), IsEmpty());
  const auto hint = Find(city("gdp", "80"));
  ASSERT_THAT(hint, SizeIs(1));
  EXPECT_EQ(hint[0].expected, "");
  EXPECT_THAT(hint[0].message, HasSubstr("不变价格"));
}

TEST(PlausibilityTest, CumulativeMonthsAreHeldAgainstTheSameMonths) {
  const auto found =
      Find({Level("average_wage", "2020-01/2020-09", "70"), Level("average_wage", "2020", "100"),
            Level("average_wage", "2021-01/2021-09", "77"),
            Percent("average_wage", "2021-01/2021-09", Measure::kYoyGrowth, "2")});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].expected, "10");
  EXPECT_THAT(found[0].message, HasSubstr("2021年1—9月"));
}

TEST(PlausibilityTest, AJumpOfAPowerOfTenStandsOut) {
  const auto series = [](std::vector<std::string> values) {
    std::vector<Observation> observations;
    for (size_t i = 0; i < values.size(); ++i) {
      observations.push_back(Level("retail_sales", std::to_string(2015 + i), values[i]));
    }
    return Find(observations);
  };
  EXPECT_THAT(series({"100", "110", "121", "133"}), IsEmpty());
  const auto middle = series({"100", "110", "1210", "133", "140"});
  ASSERT_THAT(middle, SizeIs(1));
  EXPECT_EQ(middle[0].rule, PlausibilityRule::kPowerOfTen);
  EXPECT_EQ(middle[0].observation.key.period.ToString(), "2017");
  EXPECT_EQ(middle[0].expected, "12100000000");
  EXPECT_THAT(middle[0].message, AllOf(HasSubstr("1210亿元"), HasSubstr("10倍")));
  const auto newest = series({"100", "110", "121", "0.0133"});
  ASSERT_THAT(newest, SizeIs(1));
  EXPECT_EQ(newest[0].expected, "13300000000");
  EXPECT_THAT(newest[0].message, HasSubstr("10000分之一"));
  EXPECT_THAT(series({"10", "110", "121", "133"})[0].observation.key.period.ToString(), "2015");
  // Two values alone show only what must be another unit.
  EXPECT_THAT(series({"100", "1100"}), IsEmpty());
  EXPECT_THAT(series({"100", "1000000"}), SizeIs(1));
  // What really grows like that is no mistake.
  EXPECT_THAT(series({"1", "8", "70", "600"}), IsEmpty());
}

TEST(PlausibilityTest, OnlyPeriodsOfOneKindAreNeighbours) {
  EXPECT_THAT(Find({Level("retail_sales", "2019", "120"), Level("retail_sales", "2020-03", "10"),
                    Level("retail_sales", "2020", "125"), Level("retail_sales", "2021-03", "11"),
                    Level("retail_sales", "2021", "130")}),
              IsEmpty());
}

TEST(PlausibilityTest, FindingsStandByRuleAndKey) {
  const auto found = Find({Share("urbanization_rate", "120"), Share("forest_coverage", "130"),
                           Level("trade_total", "2021", "10"), Level("exports", "2021", "12")});
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0].observation.key.indicator, "forest_coverage");
  EXPECT_EQ(found[1].observation.key.indicator, "urbanization_rate");
  EXPECT_EQ(found[2].rule, PlausibilityRule::kPartsDoNotAddUp);
}

// A city whose numbers fit each other: parts, shares, levels and nominal growth, printed as
// newspapers print them.
class ConsistentCity {
 public:
  explicit ConsistentCity(std::uint32_t seed) : random_(seed) {
    double gdp = Uniform(50, 2000), wage = Uniform(20, 900);
    for (int year = 2012; year <= 2022; ++year) {
      const double growth = Uniform(-5, 18);
      AddEconomy(year, gdp *= 1 + growth / 100, growth + Uniform(-4, 4));
      AddWage(year, wage *= 1 + Uniform(-2, 14) / 100);
      AddPopulation(year);
    }
  }

  std::vector<Observation> observations;

 private:
  double Uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }

  static std::string Round(double value, int places) {
    return absl::StrFormat("%.*f", places, value);
  }

  void AddEconomy(int year, double gdp, double real_growth) {
    const std::string period = std::to_string(year);
    const int places = std::uniform_int_distribution<int>(1, 2)(random_);
    primary_ *= Uniform(0.9, 1.08);  // what a city lives on changes slowly
    secondary_ *= Uniform(0.94, 1.06);
    const double parts[] = {gdp * primary_ / 100, gdp * secondary_ / 100,
                            gdp * (100 - primary_ - secondary_) / 100};
    const char* const names[] = {"value_added_primary", "value_added_secondary",
                                 "value_added_tertiary"};
    observations.push_back(Level("gdp", period, Round(gdp, places)));
    observations.push_back(Percent("gdp", period, Measure::kYoyGrowth, Round(real_growth, 1)));
    for (int i = 0; i < 3; ++i) {
      observations.push_back(Level(names[i], period, Round(parts[i], 2)));
      observations.push_back(
          Percent(names[i], period, Measure::kShare, Round(parts[i] / gdp * 100, 1)));
    }
  }

  // Levels are printed to the yuan, so that growth follows from them.
  void AddWage(int year, double wage) {
    const std::string period = std::to_string(year);
    if (last_wage_ > 0) {
      observations.push_back(Percent("average_wage", period, Measure::kYoyGrowth,
                                     Round((wage / last_wage_ - 1) * 100, 1)));
    }
    last_wage_ = wage;
    observations.push_back(Level("average_wage", period, Round(wage, 4)));
  }

  void AddPopulation(int year) {
    const std::string period = std::to_string(year);
    const double all = Uniform(40, 44), rate = Uniform(50, 60);
    observations.push_back(Level("resident_population", period, Round(all, 2)));
    observations.push_back(Level("urban_population", period, Round(all * rate / 100, 2)));
    observations.push_back(Level("rural_population", period, Round(all * (100 - rate) / 100, 2)));
    observations.push_back(Percent("urbanization_rate", period, Measure::kShare, Round(rate, 2)));
  }

  std::mt19937 random_;
  double last_wage_ = 0;
  double primary_ = Uniform(3, 20), secondary_ = Uniform(20, 40);  // % of the economy
};

TEST(PlausibilityTest, AConsistentCityHasNoFinding) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    const ConsistentCity city(seed);
    for (const PlausibilityFinding& finding : Find(city.observations)) {
      ADD_FAILURE() << "seed " << seed << ": " << finding.message;
    }
  }
}

TEST(PlausibilityTest, OneCorruptedNumberIsFound) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    ConsistentCity city(seed);
    std::mt19937 random(seed);
    // A decimal point that was lost, in any level of the city.
    std::vector<Observation*> levels;
    for (Observation& observation : city.observations) {
      if (observation.key.measure == Measure::kLevel) levels.push_back(&observation);
    }
    Observation& bad = *levels[std::uniform_int_distribution<size_t>(0, levels.size() - 1)(random)];
    const std::string before = bad.vintage.value.exact_value;
    bad.vintage.value.exact_value += "0";
    bad.vintage.value.printed = absl::StrCat(bad.vintage.value.exact_value, "元");
    const auto found = Find(city.observations);
    const bool named =
        std::any_of(found.begin(), found.end(), [&](const PlausibilityFinding& finding) {
          return finding.observation.key == bad.key &&
                 finding.rule == PlausibilityRule::kPowerOfTen && finding.expected == before;
        });
    EXPECT_TRUE(named) << "seed " << seed << " " << bad.key.ToId();
  }
}

TEST(PlausibilityTest, NothingDependsOnTheOrder) {
  ConsistentCity city(7);
  city.observations[0].vintage.value.exact_value += "0";
  const auto sorted = Find(city.observations);
  std::mt19937 random(7);
  std::shuffle(city.observations.begin(), city.observations.end(), random);
  const auto shuffled = Find(city.observations);
  ASSERT_EQ(sorted.size(), shuffled.size());
  ASSERT_FALSE(sorted.empty());
  for (size_t i = 0; i < sorted.size(); ++i) EXPECT_EQ(sorted[i].message, shuffled[i].message);
}

}  // namespace
}  // namespace cityinfo::metrics
