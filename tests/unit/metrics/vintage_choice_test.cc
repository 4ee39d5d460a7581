#include "services/metrics/domain/vintage_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace cityinfo::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

BackingStatement Stated(std::int64_t id, const std::string& value, int day, int learned = 0) {
  return {.id = id,
          .value = {.printed = value + "元", .exact_value = value, .unit = "元"},
          .publish_date = {2021, 1, day},
          .learned_at = absl::FromUnixSeconds(learned)};
}

TEST(VintageChoiceTest, NothingStatedIsNothingChosen) {
  EXPECT_THAT(ChooseVintages({}), IsEmpty());
}

TEST(VintageChoiceTest, EveryDayWithAnotherValueBeginsAVintage) {
  const auto chosen = ChooseVintages({Stated(1, "10", 3), Stated(2, "10", 1), Stated(3, "11", 2)});
  ASSERT_THAT(chosen, SizeIs(3));
  EXPECT_EQ(chosen[0].value.exact_value, "10");
  EXPECT_EQ(chosen[1].value.exact_value, "11");
  EXPECT_THAT(chosen[2].statements, ElementsAre(1));
}

TEST(VintageChoiceTest, AnEchoBacksTheVintageBefore) {
  auto echo = Stated(2, "10.0", 5);
  echo.value.printed = "十元";
  const auto chosen = ChooseVintages({echo, Stated(1, "10", 1)});
  ASSERT_THAT(chosen, SizeIs(1));
  EXPECT_THAT(chosen[0].statements, ElementsAre(1, 2));
  EXPECT_EQ(chosen[0].value.printed, "10元");
  EXPECT_EQ(chosen[0].publish_date.day, 1);
}

TEST(VintageChoiceTest, AboutIsNotExactly) {
  auto about = Stated(2, "10", 2);
  about.value.qualifier = Qualifier::kAbout;
  EXPECT_THAT(ChooseVintages({Stated(1, "10", 1), about}), SizeIs(2));
}

TEST(VintageChoiceTest, OfOneDayTheLastRecordedThenTheSurestThenTheFirstWins) {
  auto sure = Stated(3, "12", 1, 7);
  auto unsure = Stated(2, "11", 1, 7);
  unsure.confidence = 0.5;
  EXPECT_EQ(ChooseVintages({Stated(1, "10", 1, 5), unsure, sure})[0].value.exact_value, "12");
  unsure.confidence = 1;
  unsure.ordinal = 1;
  sure.ordinal = 4;
  EXPECT_EQ(ChooseVintages({unsure, sure})[0].value.exact_value, "11");
}

TEST(VintageChoiceTest, TheOrderOfStatementsDoesNotMatter) {
  std::vector<BackingStatement> statements = {Stated(1, "10", 1, 3), Stated(2, "11", 1, 3),
                                              Stated(3, "10", 1, 2), Stated(4, "10", 2, 1)};
  std::sort(statements.begin(), statements.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  const auto expected = ChooseVintages(statements);
  do {
    const auto chosen = ChooseVintages(statements);
    ASSERT_EQ(chosen.size(), expected.size());
    for (size_t i = 0; i < chosen.size(); ++i) {
      EXPECT_EQ(chosen[i].value, expected[i].value);
      EXPECT_EQ(chosen[i].statements, expected[i].statements);
    }
  } while (std::next_permutation(statements.begin(), statements.end(),
                                 [](const auto& a, const auto& b) { return a.id < b.id; }));
}

}  // namespace
}  // namespace cityinfo::metrics
