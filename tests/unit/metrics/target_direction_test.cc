#include "services/metrics/domain/target_direction.h"

#include <gtest/gtest.h>

#include "tests/unit/metrics/observation_builder.h"

namespace cityinfo::metrics {
namespace {

struct Case {
  const char* indicator;
  Measure measure;
  const char* value;
  Qualifier qualifier;
  TargetDirection direction;
  const char* holds;  // just
  const char* fails;  // just not
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.indicator << " " << ToString(c.measure) << " " << c.value << " "
       << ToString(c.qualifier);
}

class TargetDirectionTest : public ::testing::TestWithParam<Case> {};

TEST_P(TargetDirectionTest, FollowsFromTheWordAndTheIndicator) {
  const Case& c = GetParam();
  const auto target = ObservationBuilder(c.indicator, "2025")
                          .Target()
                          .As(c.measure)
                          .Value(c.measure == Measure::kLevel ? "元" : "%", c.value)
                          .Stated(c.qualifier, c.qualifier == Qualifier::kRange ? "6.5" : "")
                          .Build();
  const auto bounds = BoundsOf(target, Catalogue::Embedded().FindIndicator(c.indicator));
  ASSERT_TRUE(bounds.has_value());
  EXPECT_EQ(bounds->direction, c.direction);
  EXPECT_TRUE(bounds->Hold(*Decimal::Parse(c.holds)));
  EXPECT_FALSE(bounds->Hold(*Decimal::Parse(c.fails)));
}

constexpr auto kAtLeast = TargetDirection::kReachAtLeast;
constexpr auto kAtMost = TargetDirection::kStayAtMost;
constexpr auto kNear = TargetDirection::kComeNear;

INSTANTIATE_TEST_SUITE_P(
    Rules, TargetDirectionTest,
    ::testing::Values(
        Case{"gdp", Measure::kLevel, "500", Qualifier::kExact, kAtLeast, "500", "499.99"},
        Case{"gdp", Measure::kLevel, "500", Qualifier::kAtLeast, kAtLeast, "500", "499.99"},
        Case{"gdp", Measure::kLevel, "500", Qualifier::kOver, kAtLeast, "500.01", "500"},
        Case{"gdp", Measure::kLevel, "500", Qualifier::kAtMost, kAtMost, "500", "500.01"},
        Case{"gdp", Measure::kLevel, "500", Qualifier::kAbout, kNear, "495", "494.99"},
        Case{"gdp", Measure::kYoyGrowth, "8", Qualifier::kAbout, kNear, "7.5", "7.49"},
        Case{"gdp", Measure::kYoyGrowth, "8", Qualifier::kAbout, kNear, "11", "7"},
        Case{"cpi", Measure::kYoyGrowth, "3", Qualifier::kAbout, kNear, "3.5", "3.6"},
        Case{"cpi", Measure::kYoyGrowth, "3", Qualifier::kExact, kAtMost, "3", "3.1"},
        Case{"gdp", Measure::kYoyGrowth, "6.0", Qualifier::kRange, TargetDirection::kStayBetween,
             "6", "6.6"},
        Case{"primacy_ratio", Measure::kRank, "2", Qualifier::kExact, kAtMost, "1", "3"},
        Case{"unemployment_rate_surveyed", Measure::kShare, "5.5", Qualifier::kExact, kAtMost,
             "5.5", "5.51"},
        Case{"unemployment_rate_surveyed", Measure::kShare, "5.5", Qualifier::kAtLeast, kAtLeast,
             "5.5", "5.4"},
        // A promised fall: at least that deep, unless the word bounds the fall.
        Case{"energy_intensity", Measure::kYoyGrowth, "-3", Qualifier::kExact, kAtMost, "-3",
             "-2.9"},
        Case{"gdp", Measure::kYoyGrowth, "-3", Qualifier::kAtLeast, kAtMost, "-3.5", "-2.9"},
        Case{"gdp", Measure::kYoyGrowth, "-3", Qualifier::kOver, kAtMost, "-3.1", "-3"},
        Case{"gdp", Measure::kYoyGrowth, "-3", Qualifier::kAtMost, kAtLeast, "-3", "-3.1"}));

TEST(TargetDirectionTest, ARangeOfFallsHasItsEndsInOrder) {
  const auto target = ObservationBuilder("energy_intensity", "2025")
                          .Target()
                          .As(Measure::kYoyGrowth)
                          .Value("3%—4%", "-3")
                          .Stated(Qualifier::kRange, "-4")
                          .Build();
  const auto bounds = BoundsOf(target, nullptr);
  ASSERT_TRUE(bounds.has_value());
  EXPECT_EQ(bounds->low->ToString(), "-4");
  EXPECT_EQ(bounds->high->ToString(), "-3");
}

TEST(TargetDirectionTest, WhatIsNoNumberHasNoBounds) {
  EXPECT_FALSE(
      BoundsOf(ObservationBuilder("gdp", "2025").Target().Value("很高", "").Build(), nullptr)
          .has_value());
}

}  // namespace
}  // namespace cityinfo::metrics
