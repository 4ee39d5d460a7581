#include "services/metrics/domain/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/metrics/observation_builder.h"

namespace cityinfo::metrics {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

std::vector<Progress> ComputeProgress(const std::vector<Observation>& targets,
                                      const std::vector<Observation>& actuals,
                                      const std::vector<Observation>& superseded = {}) {
  return metrics::ComputeProgress(targets, actuals, superseded, Catalogue::Embedded());
}

Observation Gdp(const std::string& year, const std::string& yi) {
  return ObservationBuilder("gdp", year).Value(yi + "亿元", yi + "00000000").Build();
}
Observation GdpTarget() {
  return ObservationBuilder("gdp", "2025").Target().Value("500亿元", "50000000000").Build();
}
Observation GrowthTarget(const std::string& percent, Qualifier qualifier) {
  return ObservationBuilder("gdp", "2021/2025")
      .Target()
      .As(Measure::kAverageGrowth)
      .Value(percent + "%", percent)
      .Stated(qualifier)
      .Build();
}
Observation Gdp2020() {
  return ObservationBuilder("gdp", "2020").Value("281.76亿元", "28176000000").Build();
}

TEST(ProgressTest, ALevelNeedsCompoundGrowth) {
  const auto all = ComputeProgress({GdpTarget()}, {Gdp2020()});
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_THAT(all[0].attained_share, Optional(DoubleNear(0.56352, 1e-9)));
  EXPECT_THAT(all[0].required_annual_growth, Optional(DoubleNear(12.155, 0.001)));
  EXPECT_EQ(all[0].years_left, 5);
  EXPECT_EQ(all[0].formula, "compound_annual_growth");
  EXPECT_EQ(all[0].status, ProgressStatus::kNotDue) << "one actual shows no pace";
  EXPECT_EQ(all[0].actual->key.period.ToString(), "2020");
  EXPECT_THAT(all[0].notes, IsEmpty());
}

TEST(ProgressTest, AGrowthTargetIsShownWithItsLevelAndChecked) {
  const auto all =
      ComputeProgress({GrowthTarget("12", Qualifier::kAbout), GdpTarget()}, {Gdp2020()});
  ASSERT_THAT(all, SizeIs(1));
  ASSERT_TRUE(all[0].growth_target.has_value());
  EXPECT_EQ(all[0].growth_target->key.period.ToString(), "2021/2025");
  ASSERT_THAT(all[0].notes, SizeIs(1));
  EXPECT_THAT(all[0].notes[0], HasSubstr("consistent"));
  EXPECT_THAT(all[0].notes[0], HasSubstr("about 12%"));
  EXPECT_THAT(all[0].notes[0], HasSubstr("12.15 % a year"));
}

TEST(ProgressTest, AGrowthTargetThatItsLevelsContradictIsFlagged) {
  for (const auto& [percent, qualifier, flagged] :
       {std::tuple("8", Qualifier::kExact, true), std::tuple("8", Qualifier::kAtLeast, false),
        std::tuple("14", Qualifier::kAtLeast, true), std::tuple("12.2", Qualifier::kExact, false),
        std::tuple("12.5", Qualifier::kExact, true),
        std::tuple("12.5", Qualifier::kAtMost, false)}) {
    const auto all = ComputeProgress({GdpTarget(), GrowthTarget(percent, qualifier)}, {Gdp2020()});
    ASSERT_THAT(all[0].notes, SizeIs(1));
    EXPECT_EQ(all[0].notes[0].find("contradicted") != std::string::npos, flagged)
        << percent << " " << all[0].notes[0];
  }
}

TEST(ProgressTest, ThePaceSinceThePromiseDecides) {
  EXPECT_EQ(ComputeProgress({GdpTarget()}, {Gdp2020(), Gdp("2021", "300")})[0].status,
            ProgressStatus::kBehind);
  EXPECT_EQ(ComputeProgress({GdpTarget()}, {Gdp2020(), Gdp("2021", "330")})[0].status,
            ProgressStatus::kOnTrack);
  // What happened before the promise shows no pace.
  EXPECT_EQ(ComputeProgress({GdpTarget()}, {Gdp("2015", "100"), Gdp2020()})[0].status,
            ProgressStatus::kNotDue);
}

TEST(ProgressTest, TheDueActualSettlesIt) {
  EXPECT_EQ(ComputeProgress({GdpTarget()}, {Gdp("2025", "499")})[0].status,
            ProgressStatus::kMissed);
  EXPECT_EQ(ComputeProgress({GdpTarget()}, {Gdp("2025", "500")})[0].status, ProgressStatus::kMet);
  EXPECT_EQ(ComputeProgress({GdpTarget()}, {Gdp("2023", "501")})[0].status, ProgressStatus::kMet);
  const auto over = ObservationBuilder("gdp", "2025")
                        .Target()
                        .Value("突破500亿元", "50000000000")
                        .Stated(Qualifier::kOver)
                        .Build();
  EXPECT_EQ(ComputeProgress({over}, {Gdp("2025", "500")})[0].status, ProgressStatus::kMissed);
  const auto about = ObservationBuilder("gdp", "2025")
                         .Target()
                         .Value("500亿元左右", "50000000000")
                         .Stated(Qualifier::kAbout)
                         .Build();
  EXPECT_EQ(ComputeProgress({about}, {Gdp("2025", "496")})[0].status, ProgressStatus::kMet);
  EXPECT_EQ(ComputeProgress({about}, {Gdp("2025", "490")})[0].status, ProgressStatus::kMissed);
}

TEST(ProgressTest, ALimitIsKeptFromAbove) {
  const auto limit = ObservationBuilder("unemployment_rate", "2022")
                         .Target()
                         .As(Measure::kShare)
                         .Value("5.5%以内", "5.5")
                         .Stated(Qualifier::kAtMost)
                         .Build();
  const auto rate = [](const std::string& year, const std::string& percent) {
    return ObservationBuilder("unemployment_rate", year)
        .As(Measure::kShare)
        .Value(percent + "%", percent)
        .Build();
  };
  EXPECT_EQ(ComputeProgress({limit}, {rate("2022", "5.1")})[0].status, ProgressStatus::kMet);
  EXPECT_EQ(ComputeProgress({limit}, {rate("2022", "5.6")})[0].status, ProgressStatus::kMissed);
  EXPECT_EQ(ComputeProgress({limit}, {rate("2021", "5.1")})[0].status, ProgressStatus::kOnTrack);
  EXPECT_EQ(ComputeProgress({limit}, {rate("2021", "5.6")})[0].status, ProgressStatus::kBehind);
}

TEST(ProgressTest, OnlyTheSameKindOfPeriodPlaceAndMeasureIsCompared) {
  const auto nine_months =
      ObservationBuilder("gdp", "2025-01/2025-09").Value("400亿元", "40000000000").Build();
  const auto elsewhere =
      ObservationBuilder("gdp", "2020").At("5226").Value("9亿元", "900000000").Build();
  const auto growth =
      ObservationBuilder("gdp", "2020").As(Measure::kYoyGrowth).Value("5.9%", "5.9").Build();
  const auto later = Gdp("2026", "700");
  const auto all = ComputeProgress({GdpTarget()}, {nine_months, elsewhere, growth, later});
  EXPECT_EQ(all[0].status, ProgressStatus::kNoData);
  EXPECT_FALSE(all[0].actual.has_value());
  EXPECT_FALSE(all[0].attained_share.has_value());
  EXPECT_FALSE(all[0].required_annual_growth.has_value());
}

TEST(ProgressTest, SharesNeedPointsAndGrowthRatesAreJudgedWhenDue) {
  const auto share = ObservationBuilder("urbanization_rate", "2025")
                         .Target()
                         .As(Measure::kShare)
                         .Value("70%", "70")
                         .Build();
  const auto rate = [](const std::string& year, const std::string& percent) {
    return ObservationBuilder("urbanization_rate", year)
        .As(Measure::kShare)
        .Value(percent + "%", percent)
        .Build();
  };
  EXPECT_EQ(ComputeProgress({share}, {rate("2020", "65"), rate("2021", "66")})[0].status,
            ProgressStatus::kOnTrack);
  EXPECT_EQ(ComputeProgress({share}, {rate("2020", "65"), rate("2021", "65.5")})[0].status,
            ProgressStatus::kBehind);
  EXPECT_EQ(ComputeProgress({share}, {rate("2021", "66")})[0].formula, "linear_points_per_year");

  const auto growth = ObservationBuilder("retail", "2022")
                          .Target()
                          .As(Measure::kYoyGrowth)
                          .Value("8%", "8")
                          .Build();
  const auto grew = [](const std::string& year, const std::string& percent) {
    return ObservationBuilder("retail", year)
        .As(Measure::kYoyGrowth)
        .Value(percent + "%", percent)
        .Build();
  };
  EXPECT_EQ(ComputeProgress({growth}, {grew("2021", "9")})[0].status, ProgressStatus::kNotDue);
  EXPECT_EQ(ComputeProgress({growth}, {grew("2022", "9")})[0].status, ProgressStatus::kMet);
  EXPECT_EQ(ComputeProgress({growth}, {grew("2022", "7.9")})[0].formula, "due_value");
}

TEST(ProgressTest, TargetsAreOrderedByIndicatorPlaceAndPeriod) {
  const auto at = [](const char* indicator, const char* place, const char* period) {
    return ObservationBuilder(indicator, period).At(place).Target().Value("1元", "1").Build();
  };
  const auto all = ComputeProgress({at("retail", "52", "2022"), at("gdp", "5226", "2025"),
                                    at("gdp", "52", "2030"), at("gdp", "52", "2025")},
                                   {});
  std::vector<std::string> ids;
  for (const Progress& progress : all) ids.push_back(progress.target.key.ToId());
  EXPECT_THAT(ids, ElementsAre("gdp.52.LEVEL.TARGET.2025", "gdp.52.LEVEL.TARGET.2030",
                               "gdp.5226.LEVEL.TARGET.2025", "retail.52.LEVEL.TARGET.2022"));
}

Observation Rate(const std::string& indicator, const std::string& year, const std::string& percent,
                 Measure measure) {
  return ObservationBuilder(indicator, year).As(measure).Value(percent + "%", percent).Build();
}

TEST(ProgressTest, ThePaceIsShownWithTheActualItBeginsFrom) {
  const auto all = ComputeProgress(
      {GdpTarget()}, {Gdp("2018", "200"), Gdp2020(), Gdp("2021", "300"), Gdp("2022", "330")});
  ASSERT_THAT(all, SizeIs(1));
  // (330 / 281.76) ^ (1 / 2) - 1 and (500 / 330) ^ (1 / 3) - 1.
  EXPECT_THAT(all[0].recent_annual_growth, Optional(DoubleNear(8.2224, 1e-4)));
  EXPECT_THAT(all[0].required_annual_growth, Optional(DoubleNear(14.8556, 1e-4)));
  ASSERT_THAT(all[0].inputs, SizeIs(1)) << "the newest actual is not named again";
  EXPECT_EQ(all[0].inputs[0].key.period.ToString(), "2020");
  EXPECT_EQ(all[0].status, ProgressStatus::kBehind);
}

TEST(ProgressTest, ThePaceOfAtMostThreeYearsCounts) {
  const auto target = ObservationBuilder("gdp", "2030").Target().Value("900亿元", "90000000000");
  const auto all = ComputeProgress(
      {target.Build()}, {Gdp2020(), Gdp("2023", "400"), Gdp("2025", "420"), Gdp("2026", "480")});
  ASSERT_THAT(all[0].inputs, SizeIs(1));
  EXPECT_EQ(all[0].inputs[0].key.period.ToString(), "2023");
}

TEST(ProgressTest, ExactlyTheNeededPaceIsOnTrack) {
  const auto target = ObservationBuilder("gdp", "2023").Target().Value("133.1亿元", "13310000000");
  EXPECT_EQ(ComputeProgress({target.Build()}, {Gdp("2020", "100"), Gdp("2021", "110")})[0].status,
            ProgressStatus::kOnTrack);
}

TEST(ProgressTest, SharesShowPointsAYear) {
  const auto share = ObservationBuilder("urbanization_rate", "2025")
                         .Target()
                         .As(Measure::kShare)
                         .Value("70%", "70")
                         .Build();
  const auto all =
      ComputeProgress({share}, {Rate("urbanization_rate", "2020", "65", Measure::kShare),
                                Rate("urbanization_rate", "2022", "66", Measure::kShare)});
  EXPECT_THAT(all[0].recent_annual_growth, Optional(DoubleNear(0.5, 1e-9)));
  EXPECT_THAT(all[0].required_annual_growth, Optional(DoubleNear(4.0 / 3, 1e-9)));
  EXPECT_THAT(all[0].attained_share, Optional(DoubleNear(66.0 / 70, 1e-9)));
}

TEST(ProgressTest, ALimitThatIsBrokenMayStillBeReachedInTime) {
  const auto pm = [](const std::string& year, const std::string& value) {
    Observation observation = ObservationBuilder("pm25", year).Value(value, value).Build();
    observation.vintage.value.unit = "微克/立方米";
    return observation;
  };
  Observation target = pm("2025", "31");
  target.key.kind = Kind::kTarget;
  auto status = [&](const std::vector<Observation>& actuals) {
    const auto all = ComputeProgress({target}, actuals);
    EXPECT_EQ(all.at(0).direction, TargetDirection::kStayAtMost) << "less of it is better";
    return all.at(0).status;
  };
  EXPECT_EQ(status({pm("2020", "40"), pm("2022", "36")}), ProgressStatus::kOnTrack);
  EXPECT_EQ(status({pm("2020", "40"), pm("2022", "39")}), ProgressStatus::kBehind);
  EXPECT_EQ(status({pm("2022", "36")}), ProgressStatus::kBehind) << "broken, and no pace";
  EXPECT_EQ(status({pm("2022", "29")}), ProgressStatus::kOnTrack) << "kept, but not for good";
  EXPECT_EQ(status({pm("2025", "31")}), ProgressStatus::kMet);
  EXPECT_EQ(status({pm("2025", "31.1")}), ProgressStatus::kMissed);
}

TEST(ProgressTest, ARangeIsKeptFromBothSides) {
  const auto target = ObservationBuilder("gdp", "2022")
                          .Target()
                          .As(Measure::kYoyGrowth)
                          .Value("6.0%—6.5%", "6.0")
                          .Stated(Qualifier::kRange, "6.5")
                          .Build();
  const auto status = [&](const std::string& percent) {
    const auto all = ComputeProgress({target}, {Rate("gdp", "2022", percent, Measure::kYoyGrowth)});
    EXPECT_EQ(all.at(0).direction, TargetDirection::kStayBetween);
    return all.at(0).status;
  };
  EXPECT_EQ(status("5.9"), ProgressStatus::kMissed);
  EXPECT_EQ(status("6"), ProgressStatus::kMet);
  EXPECT_EQ(status("6.5"), ProgressStatus::kMet);
  EXPECT_EQ(status("6.51"), ProgressStatus::kMissed);
  const auto above = ComputeProgress({target}, {Rate("gdp", "2022", "7", Measure::kYoyGrowth)});
  EXPECT_THAT(above[0].notes, ElementsAre(HasSubstr("above the promised range")));
}

TEST(ProgressTest, AGrowthTargetIsJudgedByItsOwnPeriodOnly) {
  const auto target = ObservationBuilder("retail_sales", "2023")
                          .Target()
                          .As(Measure::kYoyGrowth)
                          .Value("8%", "8")
                          .Build();
  const auto early =
      ComputeProgress({target}, {Rate("retail_sales", "2022", "9", Measure::kYoyGrowth)});
  EXPECT_EQ(early[0].status, ProgressStatus::kNotDue);
  EXPECT_FALSE(early[0].attained_share.has_value());
  EXPECT_FALSE(early[0].required_annual_growth.has_value());
  EXPECT_FALSE(early[0].recent_annual_growth.has_value());
}

TEST(ProgressTest, WhatCountsAnewEveryYearIsNotMetByTheYearBefore) {
  const auto jobs = [](const std::string& year, const std::string& value) {
    Observation observation =
        ObservationBuilder("new_urban_jobs", year).Value(value + "人", value).Build();
    observation.vintage.value.unit = "人";
    return observation;
  };
  Observation target = jobs("2023", "10000");
  target.key.kind = Kind::kTarget;
  EXPECT_EQ(ComputeProgress({target}, {jobs("2022", "12000")})[0].status, ProgressStatus::kNotDue);
  const auto due = ComputeProgress({target}, {jobs("2022", "12000"), jobs("2023", "9000")});
  EXPECT_EQ(due[0].status, ProgressStatus::kMissed);
  EXPECT_THAT(due[0].attained_share, Optional(DoubleNear(0.9, 1e-9)));
}

TEST(ProgressTest, SpansAndPartsOfYearsAreHeldAgainstTheirOwnKind) {
  const auto level = [](const std::string& period, const std::string& yi) {
    return ObservationBuilder("gdp", period).Value(yi + "亿元", yi + "00000000");
  };
  // What the plan before attained says nothing of this one.
  EXPECT_EQ(ComputeProgress({level("2021/2025", "900").Target().Build()},
                            {level("2016/2020", "950").Build()})[0]
                .status,
            ProgressStatus::kNoData);
  // A fourth quarter is no first quarter.
  const auto quarter = level("2022-Q1", "60").Target().Build();
  EXPECT_EQ(ComputeProgress({quarter}, {level("2021-Q4", "80").Build()})[0].status,
            ProgressStatus::kNoData);
  EXPECT_EQ(ComputeProgress({quarter}, {level("2021-Q1", "61").Build()})[0].status,
            ProgressStatus::kMet);
}

TEST(ProgressTest, AYearsGrowthIsShownWithItsLevelAndByItself) {
  const auto growth =
      ObservationBuilder("gdp", "2025").Target().As(Measure::kYoyGrowth).Value("8%", "8").Build();
  const auto all = ComputeProgress({growth, GdpTarget()}, {Gdp2020()});
  ASSERT_THAT(all, SizeIs(2));
  ASSERT_TRUE(all[0].growth_target.has_value());
  EXPECT_EQ(all[1].target.key.measure, Measure::kYoyGrowth);
}

TEST(ProgressTest, EarlierPromisesForTheSameKeyAreNamedNewestFirst) {
  const auto promised = [](const std::string& yi, int year) {
    Observation target =
        ObservationBuilder("gdp", "2025").Target().Value(yi + "亿元", yi + "00000000").Build();
    target.vintage.publish_date = {.year = year, .month = 1, .day = 10};
    return target;
  };
  Observation elsewhere = promised("700", 2021);
  elsewhere.key.place = "5226";
  const auto all = ComputeProgress(
      {promised("460", 2023)}, {},
      {elsewhere, promised("500", 2021), promised("480", 2022), promised("460", 2023)});
  ASSERT_THAT(all, SizeIs(1));
  std::vector<std::string> printed;
  for (const Observation& earlier : all[0].superseded_targets) {
    printed.push_back(earlier.vintage.value.printed);
  }
  EXPECT_THAT(printed, ElementsAre("480亿元", "500亿元"));
}

}  // namespace
}  // namespace cityinfo::metrics
