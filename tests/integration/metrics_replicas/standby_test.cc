// Reads that may trail go to a standby, and never back in time.
#include <gmock/gmock.h>

#include "tests/integration/metrics_replicas/replica.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;
using ::testing::SizeIs;

// A primary of the test's own, for it is stopped, and its standby.
class StandbyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(primary_, testing::PostgresServer::Start());
    ASSERT_OK_AND_ASSIGN(url_, primary_->NewDatabase("metrics"));
    ASSERT_OK_AND_ASSIGN(standby_, primary_->StartStandby());
    elsewhere_.Open({.store = url_});
    const std::string database =
        url_.substr(url_.find("@/") + 2, url_.find('?') - url_.find("@/") - 2);
    standby_url_ = standby_->url(database);
    ASSERT_OK(elsewhere_.Load("281.76", 2020, "gdp"));
    ASSERT_OK(elsewhere_.Load("91.3", 2020, "retail_sales"));
    ASSERT_OK(standby_->WaitForReplay(*primary_));
    here_.Open({.store = url_, .standby = standby_url_});
  }

  absl::StatusOr<std::string> Printed(const std::string& indicator, bool strong = false,
                                      absl::Duration patience = absl::Seconds(10)) {
    const auto page = here_.store->QueryObservations({.indicators = {indicator}, .strong = strong},
                                                     absl::Now() + patience);
    if (!page.ok()) return page.status();
    return page->observations.empty() ? "" : page->observations[0].vintage.value.printed;
  }

  std::unique_ptr<testing::PostgresServer> primary_;
  std::unique_ptr<testing::PostgresServer> standby_;
  std::string url_;
  std::string standby_url_;
  Replica elsewhere_;  // without a standby
  Replica here_;
};

TEST_F(StandbyTest, WhatTheStandbyHasSeenItAnswersThoughThePrimaryIsGone) {
  const auto figures = here_.store->ListFigures({}, Soon());
  ASSERT_OK(figures);
  primary_->Stop();
  EXPECT_THAT(Printed("gdp"), testing::IsOkAndHolds("281.76亿元"));
  EXPECT_OK(here_.store->ListFigures({}, Soon()));
  EXPECT_THAT(Printed("gdp", /*strong=*/true, absl::Seconds(2)),
              StatusIs(absl::StatusCode::kUnavailable));
  const auto changes = here_.store->ReadChanges(0, 2, Soon());
  ASSERT_OK(changes);
  EXPECT_THAT(*changes, SizeIs(2));
}

TEST_F(StandbyTest, AStandbyBehindWhatThisReplicaKnowsIsNotAsked) {
  ASSERT_OK(standby_->PauseReplay());
  ASSERT_OK(here_.Load("290", 2020, "gdp"));
  EXPECT_THAT(Printed("gdp"), testing::IsOkAndHolds("290亿元"));
  // Another's write, heard of through the feed.
  ASSERT_OK(elsewhere_.Load("92", 2020, "retail_sales"));
  ASSERT_TRUE(
      testing::WaitUntil([&] { return here_.versions.Latest() == elsewhere_.versions.Latest(); }));
  EXPECT_THAT(Printed("retail_sales"), testing::IsOkAndHolds("92亿元"));
  // Neither does the standby step in with the old value when the primary is gone ...
  primary_->Stop();
  EXPECT_THAT(Printed("gdp", false, absl::Seconds(2)), StatusIs(absl::StatusCode::kUnavailable));
  // ... but what was not touched since it answers.
  EXPECT_OK(Printed("exports"));
}

TEST_F(StandbyTest, TheNextPageIsNotAskedOfAStandbyBehindTheOneBefore) {
  ASSERT_OK(standby_->PauseReplay());
  ASSERT_OK(elsewhere_.Load("1", 2021, "gdp"));
  const auto first =
      elsewhere_.store->QueryObservations({.indicators = {"gdp"}, .page_size = 1}, Soon());
  ASSERT_OK(first);
  ASSERT_TRUE(first->more);
  const auto next = here_.store->QueryObservations(
      {.indicators = {"gdp"}, .after = first->observations.back().key, .seen = first->seen},
      Soon());
  ASSERT_OK(next);
  EXPECT_THAT(next->observations, SizeIs(1));
}

TEST_F(StandbyTest, TheNextPageOfFiguresIsNotAskedOfAStandbyBehindTheOneBefore) {
  ASSERT_OK(standby_->PauseReplay());
  std::vector<Figure> figures = {GdpFigure("1", 2001), GdpFigure("2", 2002), GdpFigure("3", 2003)};
  for (Figure& figure : figures)
    figure.period.reset();  // they back nothing: no change tells of them
  AssignFigureIds("articles/a", figures);
  ASSERT_OK(ApplyOne(*elsewhere_.store, {.feed_position = 1,
                                         .article = "articles/a",
                                         .revision = 1,
                                         .published = true,
                                         .figures = figures}));
  const auto first = elsewhere_.store->ListFigures({.page_size = 2}, Soon());
  ASSERT_OK(first);
  ASSERT_TRUE(first->next.has_value());
  const auto next = here_.store->ListFigures({.page_size = 2, .after = first->next}, Soon());
  ASSERT_OK(next);
  EXPECT_THAT(next->figures, SizeIs(1));
}

TEST_F(StandbyTest, AnAnswerAsOfAMomentComesFromAStandbyOnlyWhenItIsFinalThere) {
  ASSERT_OK(standby_->PauseReplay());
  const absl::Time before = elsewhere_.Query({.indicators = {"gdp"}}).front().vintage.record_time;
  elsewhere_.clock.Advance(absl::Hours(1));
  ASSERT_OK(elsewhere_.Load("300", 2022, "exports"));
  const absl::Time recorded =
      elsewhere_.Query({.indicators = {"exports"}}).front().vintage.record_time;
  // The versions known here may not tell of it yet; the moment does.
  EXPECT_THAT(here_.Query({.indicators = {"exports"}, .as_of = recorded}), SizeIs(1));
  primary_->Stop();
  const auto old = here_.store->QueryObservations({.indicators = {"gdp"}, .as_of = before}, Soon());
  ASSERT_OK(old);
  EXPECT_THAT(old->observations, SizeIs(1));
}

}  // namespace
}  // namespace cityinfo::metrics
