// What the harvest makes of the articles' feed, with real gRPC, the real extractor and the real
// store.

#include "services/metrics/harvest/harvester.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/base/utf8.h"
#include "tests/integration/harvest/harvest_city.h"

namespace cityinfo::metrics::testing {
namespace {

using ::cityinfo::testing::WaitUntil;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class HarvesterTest : public HarvestCity {};

TEST_F(HarvesterTest, APublishedArticlesFigureIsReadableAndPointsAtItsWords) {
  StartHarvest();
  articles::v1::Article article =
      MakeArticle("a1", {"去年工作回顾",
                         "过去的一年，全市上下团结奋斗。2020年，全市地区生产总值完成281.76亿元。",
                         "明年再出发。"});
  article.mutable_blocks(0)->set_kind(articles::v1::Block::HEADING);
  const absl::Time published = absl::Now();
  ASSERT_TRUE(Harvested(feed_.Append(article)));
  EXPECT_LT(absl::Now() - published, absl::Seconds(2));

  const std::vector<Observation> found = Observations({"gdp"});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].key.ToId(), "gdp.522601.LEVEL.ACTUAL.2020");
  EXPECT_EQ(found[0].vintage.value.exact_value, "28176000000");
  EXPECT_EQ(found[0].vintage.publish_date, (base::Date{2021, 12, 20}));
  ASSERT_THAT(found[0].vintage.citations, SizeIs(1));
  const Citation& citation = found[0].vintage.citations[0];
  const std::string& block = article.blocks(1).text();
  EXPECT_EQ(citation.article, "articles/a1");
  EXPECT_EQ(citation.revision, 1);
  EXPECT_EQ(citation.block, 1);
  EXPECT_EQ(citation.quote, base::SubstrCodePoints(block, citation.start, citation.end));
  EXPECT_EQ(base::SubstrCodePoints(block, citation.value_start, citation.value_end), "281.76亿元");
  EXPECT_EQ(citation.article_title, article.title());
  EXPECT_EQ(citation.publication, "凯里晚报");
  EXPECT_EQ(citation.page, "B2");
}

TEST_F(HarvesterTest, ADraftStatesNothing) {
  StartHarvest();
  articles::v1::Article draft = MakeArticle("a1", {"2020年，全市地区生产总值完成281.76亿元。"});
  for (const auto state : {articles::v1::DRAFT, articles::v1::SCHEDULED}) {
    draft.set_state(state);
    ASSERT_TRUE(Harvested(feed_.Append(draft)));
    EXPECT_THAT(FiguresOf("a1"), IsEmpty());
  }
  draft.set_state(articles::v1::PUBLISHED);
  ASSERT_TRUE(Harvested(feed_.Append(draft)));
  EXPECT_THAT(FiguresOf("a1"), SizeIs(1));
}

TEST_F(HarvesterTest, ACorrectedArticleReanchorsWhatStandsAndRetractsWhatIsGone) {
  StartHarvest();
  const std::string gdp = "2020年，全市地区生产总值完成281.76亿元。";
  const std::string retail = "2020年，全市社会消费品零售总额完成91.3亿元。";
  ASSERT_TRUE(Harvested(feed_.Append(MakeArticle("a1", {gdp, retail}))));
  const std::vector<Figure> before = FiguresOf("a1");
  ASSERT_THAT(before, SizeIs(2));

  articles::v1::Article corrected = MakeArticle("a1", {"本报讯", "今天公布。" + gdp});
  corrected.set_revision(2);
  ASSERT_TRUE(Harvested(feed_.Append(corrected)));

  const std::vector<Figure> after = FiguresOf("a1");
  ASSERT_THAT(after, SizeIs(1));
  EXPECT_EQ(after[0].indicator, "gdp");
  EXPECT_EQ(after[0].id, before[0].indicator == "gdp" ? before[0].id : before[1].id);
  EXPECT_EQ(after[0].citation.revision, 2);
  EXPECT_EQ(after[0].citation.block, 1);
  EXPECT_EQ(after[0].citation.quote,
            base::SubstrCodePoints(corrected.blocks(1).text(), after[0].citation.start,
                                   after[0].citation.end));
  EXPECT_THAT(Figures({.article = "articles/a1", .with_retracted = true}), SizeIs(2));
  EXPECT_THAT(Observations({"retail_sales"}), IsEmpty());
  const std::vector<Observation> gdp_now = Observations({"gdp"});
  ASSERT_THAT(gdp_now, SizeIs(1));
  EXPECT_EQ(gdp_now[0].vintage.number, 1);  // the value is the same: no new vintage

  articles::v1::Article revised = MakeArticle("a1", {"2020年，全市地区生产总值完成282.76亿元。"});
  revised.set_revision(3);
  ASSERT_TRUE(Harvested(feed_.Append(revised)));
  const std::vector<Observation> revised_gdp = Observations({"gdp"});
  ASSERT_THAT(revised_gdp, SizeIs(1));
  EXPECT_EQ(revised_gdp[0].vintage.value.exact_value, "28276000000");
}

TEST_F(HarvesterTest, WhatIsTakenBackLeavesAndReturnsWithItsArticle) {
  StartHarvest();
  articles::v1::Article article = MakeArticle("a1", {"2020年，全市地区生产总值完成281.76亿元。"});
  for (const auto state : {articles::v1::UNPUBLISHED, articles::v1::DELETED}) {
    article.set_state(articles::v1::PUBLISHED);
    ASSERT_TRUE(Harvested(feed_.Append(article)));
    EXPECT_THAT(Observations({"gdp"}), SizeIs(1));
    EXPECT_THAT(FiguresOf("a1"), SizeIs(1));
    article.set_state(state);
    ASSERT_TRUE(Harvested(feed_.Append(article)));
    EXPECT_THAT(Observations({"gdp"}), IsEmpty());
    EXPECT_THAT(FiguresOf("a1"), IsEmpty());
  }
  EXPECT_THAT(Figures({.article = "articles/a1", .with_retracted = true}), SizeIs(1));
}

TEST_F(HarvesterTest, APurgedArticleStatesNothingAnyMore) {
  StartHarvest();
  ASSERT_TRUE(
      Harvested(feed_.Append(MakeArticle("a1", {"2020年，全市地区生产总值完成281.76亿元。"}))));
  EXPECT_THAT(FiguresOf("a1"), SizeIs(1));
  ASSERT_TRUE(Harvested(feed_.Purge("a1")));
  EXPECT_THAT(FiguresOf("a1"), IsEmpty());
  EXPECT_THAT(Observations({"gdp"}), IsEmpty());
  EXPECT_EQ(harvester_->progress().skipped, 0) << "it is no bad article";
}

TEST_F(HarvesterTest, AFeedThatHasForgottenIsReadAgainFromItsBeginning) {
  const auto gdp = [](int year, const std::string& value) {
    return absl::StrCat(year, "年，全市地区生产总值完成", value, "亿元。");
  };
  StartHarvest();
  feed_.Append(MakeArticle("stays", {gdp(2018, "231.5")}));
  feed_.Append(MakeArticle("goes", {gdp(2019, "250.1")}));
  ASSERT_TRUE(Harvested(feed_.Append(MakeArticle("changes", {gdp(2020, "281.76")}))));
  harvester_ = nullptr;
  const std::vector<Figure> stayed = FiguresOf("stays");
  ASSERT_THAT(stayed, SizeIs(1));

  // Long after: what was harvested last is no longer in the feed, and more has happened.
  feed_.Append(MakeArticle("changes", {gdp(2020, "282.76")}));
  feed_.Purge("goes");
  articles::v1::Article last = MakeArticle("changes", {gdp(2020, "283.76")});
  last.set_revision(3);
  const std::int64_t newest = feed_.Append(last);
  feed_.Trim();
  const int streams_before = feed_.streams_from_start();
  StartHarvest();
  ASSERT_TRUE(Harvested(newest));
  EXPECT_EQ(feed_.streams_from_start(), streams_before + 1);

  const std::vector<Observation> found = Observations({"gdp"});
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_THAT(FiguresOf("goes"), IsEmpty());
  const std::vector<Figure> changed = FiguresOf("changes");
  ASSERT_THAT(changed, SizeIs(1));
  EXPECT_EQ(changed[0].citation.revision, 3);
  // What had been harvested is not stated a second time.
  const std::vector<Figure> stays = FiguresOf("stays");
  ASSERT_THAT(stays, SizeIs(1));
  EXPECT_EQ(stays[0].record_time, stayed[0].record_time);
  EXPECT_TRUE(WaitUntil([&] { return harvester_->progress().changes == 2; }));

  // The next time it goes on where it was.
  harvester_ = nullptr;
  StartHarvest();
  ASSERT_TRUE(Harvested(feed_.Append(MakeArticle("new", {gdp(2021, "300.1")}))));
  EXPECT_EQ(feed_.streams_from_start(), streams_before + 1);
}

TEST_F(HarvesterTest, AThousandWaitingArticlesAreHarvestedInSeconds) {
  std::int64_t last = 0;
  for (int i = 0; i < 1000; ++i) {
    last = feed_.Append(MakeArticle(
        absl::StrCat("a", i),
        {absl::StrCat(1951 + i % 70, "年，全市地区生产总值完成", i + 1, ".5亿元。"),
         absl::StrCat(1951 + i % 70, "年，全市社会消费品零售总额完成", i + 1, ".25亿元。")}));
  }
  const absl::Time start = absl::Now();
  StartHarvest();
  ASSERT_TRUE(Harvested(last));
  RecordProperty("milliseconds", absl::ToInt64Milliseconds(absl::Now() - start));
  EXPECT_LT(absl::Now() - start, absl::Seconds(20));
  EXPECT_THAT(Figures({}), SizeIs(2000));
  ASSERT_TRUE(WaitUntil([&] { return harvester_->progress().changes == 1000; }));
  EXPECT_EQ(harvester_->progress().position, 1000);
  EXPECT_EQ(harvester_->progress().skipped, 0);
  EXPECT_TRUE(WaitUntil([&] { return harvester_->progress().lag == absl::ZeroDuration(); }));
}

TEST_F(HarvesterTest, ANewHarvesterGoesOnWhereTheStoreStands) {
  for (int round = 0; round < 5; ++round) {
    StartHarvest();
    ASSERT_TRUE(Harvested(feed_.Append(
        MakeArticle(absl::StrCat("a", round),
                    {absl::StrCat(2000 + round, "年，全市地区生产总值完成281.76亿元。")}))));
    harvester_ = nullptr;
  }
  EXPECT_EQ(*store_->HarvestPosition(), 5);
  EXPECT_THAT(Figures({}), SizeIs(5));
  EXPECT_THAT(Observations({"gdp"}), SizeIs(5));
}

TEST_F(HarvesterTest, StopsAtOnceWhateverItWaitsFor) {
  StartHarvest();
  ASSERT_TRUE(WaitUntil([&] { return harvester_->progress().connected; }));
  absl::Time start = absl::Now();
  harvester_->Stop();
  EXPECT_LT(absl::Now() - start, absl::Seconds(2));

  feed_.Stop();
  StartHarvest();
  ASSERT_TRUE(WaitUntil([&] { return harvester_->progress().breaks > 0; }));
  start = absl::Now();
  harvester_->Stop();
  harvester_->Stop();
  EXPECT_LT(absl::Now() - start, absl::Seconds(2));
}

}  // namespace
}  // namespace cityinfo::metrics::testing
