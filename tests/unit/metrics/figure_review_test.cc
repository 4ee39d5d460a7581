#include "services/metrics/domain/figure_review.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/error.h"
#include "services/metrics/domain/unit_fit.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

FigureReading Read() {
  return {.indicator = "gdp",
          .place = "522601",
          .period = Period::Year(2021),
          .exact_value = "28176000000",
          .unit = "元"};
}

// The field that an amendment is refused for; "" when it is taken.
std::string RefusedFor(const FigureAmendment& amendment, const FigureReading& read = Read()) {
  const auto amended = Amend(read, amendment, Catalogue::Embedded());
  if (amended.ok()) return "";
  EXPECT_TRUE(absl::IsInvalidArgument(amended.status())) << amended.status();
  const std::string message(amended.status().message());
  return message.substr(0, message.find_first_of(": "));
}

TEST(FigureReviewTest, WhatIsSetReplacesWhatWasRead) {
  const auto amended = Amend(Read(),
                             {.place = "522600",
                              .period = "2020",
                              .exact_value = "+0281.760",
                              .stage = RevisionStage::kFinal},
                             Catalogue::Embedded());
  ASSERT_OK(amended);
  FigureReading expected = Read();
  expected.place = "5226";
  expected.period = Period::Year(2020);
  expected.exact_value = "281.76";
  expected.stage = RevisionStage::kFinal;
  EXPECT_EQ(*amended, expected);
}

TEST(FigureReviewTest, ABadFieldIsNamed) {
  EXPECT_EQ(RefusedFor({}), "amended");
  EXPECT_EQ(RefusedFor({.indicator = "gpd"}), "amended.indicator");
  EXPECT_EQ(RefusedFor({.place = "kaili"}), "amended.place");
  EXPECT_EQ(RefusedFor({.place = "999999"}), "amended.place");
  EXPECT_EQ(RefusedFor({.period = "last year"}), "amended.period");
  EXPECT_EQ(RefusedFor({.exact_value = "281.76亿"}), "amended.exact_value");
  EXPECT_EQ(RefusedFor({.exact_value = "1e3"}), "amended.exact_value");
  EXPECT_EQ(RefusedFor({.unit = "亿元"}), "amended.unit");
  EXPECT_EQ(RefusedFor({.unit = "元"}), "");
}

TEST(FigureReviewTest, TheUnitFollowsIndicatorAndMeasure) {
  EXPECT_EQ(RefusedFor({.measure = Measure::kYoyGrowth}), "amended.unit");
  EXPECT_EQ(RefusedFor({.measure = Measure::kYoyGrowth, .exact_value = "3.1", .unit = "%"}), "");
  EXPECT_EQ(RefusedFor({.measure = Measure::kShare, .unit = "‰"}), "");
  EXPECT_EQ(RefusedFor({.measure = Measure::kRank, .unit = "位"}), "");
  EXPECT_EQ(RefusedFor({.measure = Measure::kChange}), "") << "a change of an amount is an amount";
  // What had no fitting unit needs one, whatever else is put right.
  FigureReading unfit = Read();
  unfit.unit = "人";
  unfit.unit_fits = false;
  EXPECT_EQ(RefusedFor({.period = "2020"}, unfit), "amended.unit");
  const auto fits = Amend(unfit, {.unit = "元"}, Catalogue::Embedded());
  ASSERT_OK(fits);
  EXPECT_TRUE(fits->unit_fits);
}

TEST(FigureReviewTest, ARangeHasTwoEndsInOrder) {
  EXPECT_EQ(RefusedFor({.qualifier = Qualifier::kRange}), "amended.exact_value_high");
  EXPECT_EQ(RefusedFor({.exact_value_high = "29000000000"}), "amended.exact_value_high");
  EXPECT_EQ(RefusedFor({.exact_value_high = "1", .qualifier = Qualifier::kRange}),
            "amended.exact_value_high");
  const auto range =
      Amend(Read(), {.exact_value_high = "29000000000", .qualifier = Qualifier::kRange},
            Catalogue::Embedded());
  ASSERT_OK(range);
  EXPECT_EQ(range->exact_value_high, "29000000000");
  const auto about = Amend(*range, {.qualifier = Qualifier::kAbout}, Catalogue::Embedded());
  ASSERT_OK(about);
  EXPECT_EQ(about->exact_value_high, "") << "its upper end goes";
}

}  // namespace
}  // namespace cityinfo::metrics
