// The harvest when the feed breaks, comes again or falls silent, and when an article or the store
// makes trouble: nothing lost, nothing doubled, nothing stands still.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "tests/integration/harvest/harvest_city.h"
#include "tests/integration/harvest/troubled_store.h"

namespace cityinfo::metrics::testing {
namespace {

using ::cityinfo::testing::WaitUntil;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kArticles = 30;

std::string Gdp(int year) { return absl::StrCat(year, "年，全市地区生产总值完成281.76亿元。"); }

class HarvestFaultsTest : public HarvestCity {
 protected:
  // kArticles articles with one figure each, the first of them revised and taken back and forth.
  std::int64_t AppendArticles() {
    std::int64_t last = 0;
    for (int i = 0; i < kArticles; ++i) {
      last = feed_.Append(MakeArticle(absl::StrCat("a", i), {Gdp(1990 + i)}));
    }
    articles::v1::Article first = MakeArticle("a0", {"更正", Gdp(1990)});
    first.set_revision(2);
    feed_.Append(first);
    first.set_state(articles::v1::UNPUBLISHED);
    feed_.Append(first);
    first.set_state(articles::v1::PUBLISHED);
    last = feed_.Append(first);
    return last;
  }

  // A store before the real one that fails as `trouble` says; lives as long as the harvester.
  MetricStore& Trouble(std::function<absl::Status(const ArticleChange&)> trouble) {
    troubled_ = std::make_unique<TroubledStore>(*store_, std::move(trouble));
    return *troubled_;
  }

  // Every figure once, every observation in its first vintage (but the one that came back), every
  // change announced once.
  void ExpectEverythingOnce() {
    const std::vector<Figure> figures = Figures({});
    EXPECT_THAT(figures, SizeIs(kArticles));
    std::set<std::string> articles;
    for (const Figure& figure : figures) articles.insert(figure.citation.article);
    EXPECT_THAT(articles, SizeIs(kArticles));
    const std::vector<Observation> observations = Observations({"gdp"});
    ASSERT_THAT(observations, SizeIs(kArticles));
    for (std::size_t i = 1; i < observations.size(); ++i) {
      EXPECT_EQ(observations[i].vintage.number, 1) << observations[i].key.ToId();
      EXPECT_THAT(observations[i].vintage.citations, SizeIs(1));
    }
    EXPECT_EQ(observations[0].vintage.citations.at(0).revision, 2);
    EXPECT_EQ(metrics_.GetCounter("cityinfo_metrics_harvest_changes_total", "").Value(),
              kArticles + 3);
  }

 private:
  std::unique_ptr<TroubledStore> troubled_;
};

class BreakingFeedTest : public HarvestFaultsTest, public ::testing::WithParamInterface<int> {};

TEST_P(BreakingFeedTest, EverythingOnceWhenTheStreamBreaksAfterEveryFewChanges) {
  feed_.BreakAfter(GetParam());
  const std::int64_t last = AppendArticles();
  StartHarvest();
  ASSERT_TRUE(Harvested(last));
  harvester_->Stop();
  EXPECT_GE(feed_.streams(), (kArticles + 3) / GetParam());
  ExpectEverythingOnce();
}

TEST_P(BreakingFeedTest, EverythingOnceWhenEveryStreamBeginsWithOldChanges) {
  feed_.BreakAfter(GetParam() + 9);
  feed_.Replay(9);
  const std::int64_t last = AppendArticles();
  StartHarvest();
  ASSERT_TRUE(Harvested(last));
  harvester_->Stop();
  ExpectEverythingOnce();
}

INSTANTIATE_TEST_SUITE_P(AfterEvery, BreakingFeedTest, ::testing::Values(1, 2, 3, 7, 20));

TEST_F(HarvestFaultsTest, EverythingOnceWhenTheHarvesterDiesAndReturns) {
  const std::int64_t last = AppendArticles();
  // Each life ends wherever it happens to be.
  for (int life = 1; *store_->HarvestPosition() < last && life < 1000; ++life) {
    StartHarvest({.batch = 2});
    ASSERT_TRUE(Harvested(std::min<std::int64_t>(last, life)));
    harvester_ = nullptr;
  }
  EXPECT_EQ(*store_->HarvestPosition(), last);
  ExpectEverythingOnce();
}

TEST_F(HarvestFaultsTest, AFeedThatGoesAwayIsDegradedAndComesBack) {
  StartHarvest();
  EXPECT_TRUE(WaitUntil([&] { return HealthState() == health::State::kOk; }));
  feed_.Stop();
  EXPECT_TRUE(WaitUntil([&] { return HealthState() == health::State::kDegraded; }));
  EXPECT_TRUE(health_.Ready());
  const std::int64_t last = AppendArticles();
  ASSERT_OK(feed_.Start());
  ASSERT_TRUE(Harvested(last));
  EXPECT_TRUE(WaitUntil([&] { return HealthState() == health::State::kOk; }));
  harvester_->Stop();
  ExpectEverythingOnce();
}

TEST_F(HarvestFaultsTest, ASilentFeedIsGivenUpAndAskedAgain) {
  feed_.FallSilent(true);
  Harvester::Options options = Quick();
  options.silence = absl::Milliseconds(300);
  StartHarvest(options);
  ASSERT_TRUE(WaitUntil([&] { return feed_.streams() >= 2; }));
  EXPECT_EQ(HealthState(), health::State::kDegraded);
  feed_.FallSilent(false);
  ASSERT_TRUE(Harvested(feed_.Append(MakeArticle("a1", {Gdp(2020)}))));
  EXPECT_THAT(FiguresOf("a1"), SizeIs(1));
}

TEST_F(HarvestFaultsTest, AnArticleTheExtractorFailsOnIsSkippedAndTheFeedGoesOn) {
  StartHarvest(*store_, Quick(), [](absl::string_view text, const ExtractionContext& context) {
    if (std::string(text).find("毒") != std::string::npos) throw std::runtime_error("poison");
    return ExtractFigures(text, context);
  });
  ASSERT_TRUE(Harvested(feed_.Append(MakeArticle("a1", {Gdp(2019)}))));
  articles::v1::Article poisoned = MakeArticle("a1", {Gdp(2020), "毒"});
  poisoned.set_revision(2);
  feed_.Append(poisoned);
  ASSERT_TRUE(Harvested(feed_.Append(MakeArticle("a2", {Gdp(2018)}))));
  EXPECT_THAT(FiguresOf("a2"), SizeIs(1));
  EXPECT_THAT(FiguresOf("a1"), IsEmpty());  // what the newest revision says is not known
  EXPECT_EQ(harvester_->progress().skipped, 1);
  EXPECT_THAT(harvester_->progress().last_skipped, HasSubstr("articles/a1"));
}

TEST_F(HarvestFaultsTest, AnArticleWithoutARealDateIsSkipped) {
  StartHarvest();
  articles::v1::Article article = MakeArticle("a1", {Gdp(2020)});
  article.mutable_publish_date()->set_month(13);
  feed_.Append(article);
  ASSERT_TRUE(Harvested(feed_.Append(MakeArticle("a2", {Gdp(2018)}))));
  EXPECT_THAT(FiguresOf("a1"), IsEmpty());
  EXPECT_THAT(FiguresOf("a2"), SizeIs(1));
  EXPECT_EQ(harvester_->progress().skipped, 1);
}

TEST_F(HarvestFaultsTest, WhatTheStoreRejectsIsSkippedAndItsPositionKept) {
  MetricStore& troubled = Trouble([](const ArticleChange& change) {
    return change.article == "articles/a2" && change.published
               ? base::InvalidArgument("figures", "are not to the store's liking")
               : absl::OkStatus();
  });
  StartHarvest(troubled);
  feed_.Append(MakeArticle("a1", {Gdp(2019)}));
  ASSERT_TRUE(Harvested(feed_.Append(MakeArticle("a2", {Gdp(2020)}))));
  ASSERT_TRUE(Harvested(feed_.Append(MakeArticle("a3", {Gdp(2021)}))));
  EXPECT_THAT(Figures({}), SizeIs(2));
  EXPECT_EQ(harvester_->progress().skipped, 1);
}

TEST_F(HarvestFaultsTest, WhatTheStoreRejectsEvenBareDoesNotStopTheFeed) {
  MetricStore& troubled = Trouble([](const ArticleChange& change) {
    return change.article == "articles/a2" ? base::Internal("BROKEN", "constraint failed")
                                           : absl::OkStatus();
  });
  Harvester::Options options = Quick();
  options.attempts = 2;
  StartHarvest(troubled, options);
  feed_.Append(MakeArticle("a1", {Gdp(2019)}));
  feed_.Append(MakeArticle("a2", {Gdp(2020)}));
  ASSERT_TRUE(Harvested(feed_.Append(MakeArticle("a3", {Gdp(2021)}))));
  EXPECT_THAT(Figures({}), SizeIs(2));
  EXPECT_EQ(harvester_->progress().skipped, 1);
}

TEST_F(HarvestFaultsTest, ABusyStoreIsAskedAgainUntilItTakesEverything) {
  std::atomic<int> calls = 0;
  MetricStore& troubled = Trouble([&calls](const ArticleChange&) {
    return ++calls % 3 != 0 ? base::Unavailable("STORE_BUSY", "busy") : absl::OkStatus();
  });
  const std::int64_t last = AppendArticles();
  StartHarvest(troubled);
  ASSERT_TRUE(Harvested(last));
  harvester_->Stop();
  EXPECT_EQ(harvester_->progress().skipped, 0);
  ExpectEverythingOnce();
}

TEST_F(HarvestFaultsTest, AStoreThatTakesNothingIsDegradedAndStoppingIsStillQuick) {
  MetricStore& troubled = Trouble([](const ArticleChange&) {
    return base::ResourceExhausted("DISK_FULL", "the disk is full");
  });
  AppendArticles();
  Harvester::Options options = Quick();
  options.store_retry = {.initial = absl::Minutes(1), .max = absl::Minutes(1), .jitter = 0};
  StartHarvest(troubled, options);
  ASSERT_TRUE(WaitUntil([&] {
    for (const health::Component& component : health_.GetSnapshot().components) {
      if (component.message.find("store") != std::string::npos) return true;
    }
    return false;
  }));
  EXPECT_EQ(HealthState(), health::State::kDegraded);
  const absl::Time start = absl::Now();
  harvester_->Stop();
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_EQ(*store_->HarvestPosition(), 0);
}

}  // namespace
}  // namespace cityinfo::metrics::testing
