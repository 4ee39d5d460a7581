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

BackingStatement Staged(BackingStatement statement, RevisionStage stage) {
  statement.stage = stage;
  return statement;
}

TEST(VintageChoiceTest, OfOneDayTheLatestRoundThenWhatIsVouchedForWins) {
  auto vouched = Stated(1, "10", 1, 5);
  vouched.vouched_for = true;
  EXPECT_EQ(ChooseVintages({vouched, Stated(2, "11", 1, 7)})[0].value.exact_value, "10");
  const auto verified = Staged(Stated(3, "12", 1, 3), RevisionStage::kVerified);
  EXPECT_EQ(ChooseVintages({vouched, Stated(2, "11", 1, 7), verified})[0].value.exact_value, "12");
  // No round is as good as the first.
  const auto preliminary = Staged(Stated(4, "13", 1, 9), RevisionStage::kPreliminary);
  EXPECT_EQ(ChooseVintages({vouched, preliminary})[0].value.exact_value, "10");
}

TEST(VintageChoiceTest, AnOutdatedValueBeginsNoVintage) {
  const auto first = Staged(Stated(1, "10", 1), RevisionStage::kPreliminary);
  const auto last = Staged(Stated(2, "12", 2), RevisionStage::kFinal);
  const auto earlier_round = Staged(Stated(3, "11", 3), RevisionStage::kVerified);
  const auto echo_of_first = Stated(4, "10", 4);
  auto chosen = ChooseVintages({first, last, earlier_round, echo_of_first});
  ASSERT_THAT(chosen, SizeIs(2));
  EXPECT_EQ(chosen[1].value.exact_value, "12");
  EXPECT_THAT(chosen[1].statements, ElementsAre(2));
  // Without the final one both count.
  EXPECT_THAT(ChooseVintages({first, earlier_round, Stated(4, "10.5", 4)}), SizeIs(3));
  // What came out after the final one is no echo of what was before it.
  chosen =
      ChooseVintages({first, last, Stated(5, "13", 3), Stated(6, "14", 4), Stated(7, "13", 5)});
  ASSERT_THAT(chosen, SizeIs(5));
  EXPECT_EQ(chosen.back().value.exact_value, "13");
}

TEST(VintageChoiceTest, AnEarlierRoundThatSaysTheSameIsACitation) {
  const auto chosen = ChooseVintages({Staged(Stated(1, "12", 1), RevisionStage::kFinal),
                                      Staged(Stated(2, "12", 2), RevisionStage::kPreliminary)});
  ASSERT_THAT(chosen, SizeIs(1));
  EXPECT_THAT(chosen[0].statements, ElementsAre(1, 2));
  EXPECT_EQ(chosen[0].stage, RevisionStage::kFinal);
}

TEST(VintageChoiceTest, AValueThatIsFinalNowIsAVintageOfItsOwn) {
  const auto chosen =
      ChooseVintages({Stated(1, "12", 1), Staged(Stated(2, "12", 2), RevisionStage::kPreliminary),
                      Staged(Stated(3, "12", 3), RevisionStage::kFinal)});
  ASSERT_THAT(chosen, SizeIs(2));
  EXPECT_EQ(chosen[0].stage, RevisionStage::kNone);
  EXPECT_THAT(chosen[0].statements, ElementsAre(1, 2));
  EXPECT_EQ(chosen[1].stage, RevisionStage::kFinal);
}

// What counts on a day follows from what had been published by then, and nothing else.
TEST(VintageChoiceTest, NothingLeaksFromALaterPublication) {
  unsigned state = 7;
  const auto pick = [&state](int count) {
    state = state * 1664525u + 1013904223u;
    return static_cast<int>((state >> 16) % static_cast<unsigned>(count));
  };
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(round);
    std::vector<BackingStatement> all;
    for (int i = 1; i <= 1 + pick(10); ++i) {
      auto next = Staged(Stated(i, std::to_string(10 + pick(3)), 1 + pick(6), pick(3)),
                         static_cast<RevisionStage>(pick(4)));
      next.vouched_for = pick(4) == 0;
      all.push_back(next);
    }
    const auto chosen = ChooseVintages(all);
    for (int day = 1; day <= 6; ++day) {
      std::vector<BackingStatement> known;
      for (const auto& statement : all) {
        if (statement.publish_date.day <= day) known.push_back(statement);
      }
      const auto then = ChooseVintages(known);
      ASSERT_LE(then.size(), chosen.size());
      for (size_t i = 0; i < then.size(); ++i) {
        EXPECT_EQ(then[i].value, chosen[i].value);
        EXPECT_EQ(then[i].stage, chosen[i].stage);
        EXPECT_EQ(then[i].publish_date, chosen[i].publish_date);
      }
      if (then.size() < chosen.size()) {
        EXPECT_GT(chosen[then.size()].publish_date.day, day);
      }
    }
  }
}

TEST(VintageChoiceTest, WhatStandsGivesItsPlaceToWhatWasPublishedNext) {
  const auto vintage = [](int day, int recorded, RevisionStage stage) {
    return Vintage{.publish_date = {2021, 1, day},
                   .record_time = absl::FromUnixSeconds(recorded),
                   .stage = stage};
  };
  std::vector<Vintage> history = {vintage(3, 10, RevisionStage::kFinal),
                                  vintage(1, 20, RevisionStage::kPreliminary),
                                  vintage(5, 15, RevisionStage::kNone)};
  history.push_back(vintage(4, 5, RevisionStage::kFinal));
  history.back().superseded_at = absl::FromUnixSeconds(12);
  history.back().superseded_reason = SupersededReason::kCorrection;
  MarkReplaced(history);
  EXPECT_EQ(history[0].superseded_reason, SupersededReason::kLaterPublication);
  EXPECT_EQ(history[0].superseded_at, absl::FromUnixSeconds(15));
  EXPECT_EQ(history[1].superseded_reason, SupersededReason::kRevision);
  EXPECT_EQ(history[1].superseded_at, absl::FromUnixSeconds(20)) << "it never was the newest";
  EXPECT_EQ(history[2].superseded_at, absl::InfiniteFuture());
  EXPECT_EQ(history[3].superseded_reason, SupersededReason::kCorrection);
  EXPECT_EQ(history[3].superseded_at, absl::FromUnixSeconds(12));
}

}  // namespace
}  // namespace cityinfo::metrics
