// What data officers said outlives what happens to the articles, with the real harvester.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "platform/base/utf8.h"
#include "tests/integration/harvest/harvest_city.h"

namespace cityinfo::metrics::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kGdp[] = "2020年，全市地区生产总值完成281.76亿元。";
constexpr char kRetail[] = "2020年，全市社会消费品零售总额完成91.3亿元。";

class ReviewTest : public HarvestCity {
 protected:
  // Appends the article in this state and waits until it is harvested.
  void Append(articles::v1::Article article, std::int64_t revision,
              articles::v1::ArticleState state = articles::v1::PUBLISHED) {
    article.set_revision(revision);
    article.set_state(state);
    ASSERT_TRUE(Harvested(feed_.Append(article)));
  }

  Figure FigureOf(const std::string& indicator) {
    for (const Figure& figure : Figures({.with_retracted = true})) {
      if (figure.indicator == indicator || figure.indicator_text == indicator) return figure;
    }
    ADD_FAILURE() << "no figure of " << indicator;
    return {};
  }

  void Say(const FigureReview& review) {
    ASSERT_OK(store_->Review(review, absl::InfiniteFuture()));
  }
};

TEST_F(ReviewTest, ARejectedFigureStaysRejectedWhenItsArticleIsCorrectedElsewhere) {
  StartHarvest();
  Append(MakeArticle("a1", {kGdp, kRetail}), 1);
  const Figure gdp = FigureOf("gdp");
  Say({.figure = gdp.id, .state = ReviewState::kRejected, .reviewer = "lin", .comment = "错版"});
  EXPECT_THAT(Observations({"gdp"}), IsEmpty());

  Append(MakeArticle("a1", {"本报讯。", std::string("记者获悉：") + "今天。" + kGdp,
                            "2020年，全市社会消费品零售总额完成91.4亿元。"}),
         2);
  const Figure after = FigureOf("gdp");
  EXPECT_EQ(after.id, gdp.id);
  EXPECT_EQ(after.review_state, ReviewState::kRejected);
  EXPECT_EQ(after.review_comment, "错版");
  EXPECT_EQ(after.anchor, AnchorState::kMoved);
  EXPECT_EQ(after.citation.block, 1);
  EXPECT_THAT(Observations({"gdp"}), IsEmpty());
  ASSERT_THAT(Observations({"retail_sales"}), SizeIs(1));
  EXPECT_EQ(Observations({"retail_sales"})[0].vintage.value.printed, "91.4亿元");
}

TEST_F(ReviewTest, AnAmendedFigureStaysAmendedThroughRevisions) {
  StartHarvest();
  Append(MakeArticle("a1", {kGdp}), 1);
  const Figure gdp = FigureOf("gdp");
  FigureReading reading = gdp.Reading();
  reading.period = Period::Year(2019);
  Say({.figure = gdp.id, .state = ReviewState::kAmended, .amended = reading, .reviewer = "lin"});
  const articles::v1::Article corrected = MakeArticle("a1", {"更正", kGdp, kRetail});
  Append(corrected, 2);
  const auto found = Observations({"gdp"});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].key.period, Period::Year(2019));
  ASSERT_THAT(found[0].vintage.citations, SizeIs(1));
  const Citation& citation = found[0].vintage.citations[0];
  EXPECT_EQ(citation.revision, 2);
  EXPECT_EQ(base::SubstrCodePoints(corrected.blocks(citation.block).text(), citation.value_start,
                                   citation.value_end),
            "281.76亿元");
  const Figure after = FigureOf("gdp");
  EXPECT_EQ(after.value.printed, "281.76亿元");
  EXPECT_EQ(after.extracted, gdp.Reading());
}

TEST_F(ReviewTest, WhatIsTakenBackReturnsWithItsIdsAndReviews) {
  StartHarvest();
  Append(MakeArticle("a1", {kGdp, kRetail}), 1);
  const Figure gdp = FigureOf("gdp");
  const Figure retail = FigureOf("retail_sales");
  Say({.figure = gdp.id, .state = ReviewState::kConfirmed, .reviewer = "lin"});
  Say({.figure = retail.id, .state = ReviewState::kRejected, .reviewer = "lin"});
  for (const auto state : {articles::v1::UNPUBLISHED, articles::v1::DELETED}) {
    Append(MakeArticle("a1", {kGdp, kRetail}), 1, state);
    EXPECT_THAT(Observations(), IsEmpty());
    EXPECT_TRUE(FigureOf("gdp").retracted);
    EXPECT_EQ(FigureOf("gdp").anchor, AnchorState::kValid) << "nobody knows what it says now";
    Append(MakeArticle("a1", {kGdp, kRetail}), 1);
    EXPECT_EQ(FigureOf("gdp").id, gdp.id);
    EXPECT_EQ(FigureOf("gdp").review_state, ReviewState::kConfirmed);
    EXPECT_EQ(FigureOf("retail_sales").id, retail.id);
    EXPECT_EQ(FigureOf("retail_sales").review_state, ReviewState::kRejected);
    EXPECT_THAT(Observations({"gdp"}), SizeIs(1));
    EXPECT_THAT(Observations({"retail_sales"}), IsEmpty());
  }
}

TEST_F(ReviewTest, AnchorsFollowTheSentence) {
  StartHarvest();
  Append(MakeArticle("a1", {kGdp, kRetail}), 1);
  EXPECT_EQ(FigureOf("retail_sales").anchor, AnchorState::kValid);
  Append(MakeArticle("a1", {kRetail, kGdp}), 2);
  EXPECT_EQ(FigureOf("retail_sales").anchor, AnchorState::kMoved);
  EXPECT_EQ(FigureOf("gdp").anchor, AnchorState::kMoved);
  Append(MakeArticle("a1", {kGdp}), 3);
  const Figure gone = FigureOf("retail_sales");
  EXPECT_EQ(gone.anchor, AnchorState::kBroken);
  EXPECT_TRUE(gone.retracted);
  EXPECT_EQ(gone.citation.block, 0) << "where it stood last";
  EXPECT_EQ(gone.citation.revision, 2);
  EXPECT_EQ(FigureOf("gdp").anchor, AnchorState::kValid);
}

}  // namespace
}  // namespace cityinfo::metrics::testing
