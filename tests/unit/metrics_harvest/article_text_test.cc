#include "services/metrics/harvest/article_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cityinfo::metrics {
namespace {

articles::v1::Article Article(const std::vector<std::string>& blocks) {
  articles::v1::Article article;
  for (const std::string& text : blocks) article.add_blocks()->set_text(text);
  return article;
}

Citation At(int start, int end, int value_start, int value_end) {
  Citation citation;
  citation.start = start;
  citation.end = end;
  citation.value_start = value_start;
  citation.value_end = value_end;
  return citation;
}

TEST(ArticleTextTest, EveryBlockIsALine) {
  EXPECT_EQ(ArticleText(Article({"甲乙", "丙", "", "丁"})).text(), "甲乙\n丙\n\n丁");
  EXPECT_EQ(ArticleText(Article({})).text(), "");
}

TEST(ArticleTextTest, AnchorsInTheBlockOfTheValueInCodePoints) {
  const ArticleText text(Article({"标题", "增长5亿元。减3%。"}));
  Citation citation = At(3, 9, 5, 8);
  ASSERT_TRUE(text.Anchor(citation));
  EXPECT_EQ(citation.block, 1);
  EXPECT_EQ(citation.start, 0);
  EXPECT_EQ(citation.end, 6);
  EXPECT_EQ(citation.quote, "增长5亿元。");
  EXPECT_EQ(citation.value_start, 2);
  EXPECT_EQ(citation.value_end, 5);
}

TEST(ArticleTextTest, ASentenceOverABordersEndsAtTheBlockOfItsValue) {
  const ArticleText text(Article({"去年增长", "5亿元，比上年", "多"}));
  Citation citation = At(0, 14, 5, 8);
  ASSERT_TRUE(text.Anchor(citation));
  EXPECT_EQ(citation.block, 1);
  EXPECT_EQ(citation.start, 0);
  EXPECT_EQ(citation.end, 7);
  EXPECT_EQ(citation.quote, "5亿元，比上年");
}

TEST(ArticleTextTest, AValueAtEitherEndOfABlockIsInIt) {
  const ArticleText text(Article({"12", "34"}));
  Citation first = At(0, 2, 0, 2);
  ASSERT_TRUE(text.Anchor(first));
  EXPECT_EQ(first.block, 0);
  Citation second = At(3, 5, 3, 5);
  ASSERT_TRUE(text.Anchor(second));
  EXPECT_EQ(second.block, 1);
  EXPECT_EQ(second.quote, "34");
}

TEST(ArticleTextTest, AValueThatStandsInNoOneBlockHasNoCitation) {
  const ArticleText text(Article({"完成12", "", "亿元"}));
  for (Citation citation :
       {At(0, 8, 2, 8), At(0, 8, 4, 5), At(0, 8, 9, 10), At(0, 3, 2, 2), At(0, 3, -1, 2)}) {
    const Citation before = citation;
    EXPECT_FALSE(text.Anchor(citation));
    EXPECT_EQ(citation, before);
  }
  Citation nowhere = At(0, 1, 0, 1);
  EXPECT_FALSE(ArticleText(Article({})).Anchor(nowhere));
}

}  // namespace
}  // namespace cityinfo::metrics
