#include "services/articles/search/highlights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "platform/base/utf8.h"

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Article ArticleOf(std::string title, std::vector<std::string> blocks) {
  Article article{.id = "a"};
  article.content.title = std::move(title);
  for (std::string& block : blocks) article.content.blocks.push_back({.text = std::move(block)});
  return article;
}

std::string Repeated(absl::string_view text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated.append(text.data(), text.size());
  return repeated;
}

TEST(HighlightSpans, AreCodePointsOfTheOriginal) {
  EXPECT_THAT(HighlightSpans("新桥通了，桥长30米", ParseQuery("桥 30米")),
              ElementsAre(Span{1, 2}, Span{5, 6}, Span{7, 10}));
  EXPECT_THAT(HighlightSpans("ＧＤＰ与gdp", ParseQuery("Gdp")),
              ElementsAre(Span{0, 3}, Span{4, 7}));
  EXPECT_THAT(HighlightSpans("《鄉村振興》", ParseQuery("乡村 振兴")), ElementsAre(Span{1, 5}));
  EXPECT_THAT(HighlightSpans("共30㎡地", ParseQuery("m2")), ElementsAre(Span{3, 4}));
  EXPECT_THAT(HighlightSpans("😀桥", ParseQuery("桥")), ElementsAre(Span{1, 2}));
  EXPECT_THAT(HighlightSpans("步道桥", ParseQuery("步道 道桥")), ElementsAre(Span{0, 3}));
  EXPECT_THAT(HighlightSpans("没有", ParseQuery("桥")), IsEmpty());
  EXPECT_THAT(HighlightSpans("桥", ParseQuery("-桥 路")), IsEmpty());
}

TEST(MakeSearchHit, ShowsTheBlockWithMostWords) {
  const SearchHit hit = MakeSearchHit(
      ArticleOf("桥", {"只有桥", "桥和步道都有", "无", "步道旁的桥"}), ParseQuery("桥 步道"));
  EXPECT_THAT(hit.title_spans, ElementsAre(Span{0, 1}));
  EXPECT_EQ(hit.excerpt, "桥和步道都有");
  EXPECT_THAT(hit.excerpt_spans, ElementsAre(Span{0, 1}, Span{2, 4}));
  EXPECT_EQ(hit.excerpt_block, 1);
  EXPECT_EQ(hit.excerpt_begin, 0);
  EXPECT_THAT(hit.article.content.blocks, IsEmpty());
}

TEST(MakeSearchHit, WithoutAMatchInTheTextThereIsNoExcerpt) {
  const SearchHit hit = MakeSearchHit(ArticleOf("桥", {"别的"}), ParseQuery("桥"));
  EXPECT_EQ(hit.excerpt, "");
  EXPECT_EQ(hit.excerpt_block, -1);
}

TEST(MakeSearchHit, CutsALongBlockWhereMostWordsStand) {
  const std::string text =
      Repeated("字", 300) + "步道" + Repeated("字", 300) + "步道在桥旁" + Repeated("字", 300);
  const SearchHit hit = MakeSearchHit(ArticleOf("", {"桥", text}), ParseQuery("桥 步道"));
  EXPECT_EQ(hit.excerpt_block, 1);
  EXPECT_EQ(base::CountCodePoints(hit.excerpt), kMaxMatchExcerptCodePoints);
  EXPECT_EQ(hit.excerpt, base::SubstrCodePoints(text, hit.excerpt_begin,
                                                hit.excerpt_begin + kMaxMatchExcerptCodePoints));
  ASSERT_EQ(hit.excerpt_spans.size(), 2);
  EXPECT_EQ(
      base::SubstrCodePoints(hit.excerpt, hit.excerpt_spans[0].begin, hit.excerpt_spans[0].end),
      "步道");
  EXPECT_EQ(
      base::SubstrCodePoints(hit.excerpt, hit.excerpt_spans[1].begin, hit.excerpt_spans[1].end),
      "桥");
}

TEST(MakeSearchHit, AMatchLongerThanTheExcerptIsCut) {
  const std::string phrase = Repeated("长", 150);
  const SearchHit hit =
      MakeSearchHit(ArticleOf("", {"前面" + phrase + "后面"}), ParseQuery(phrase));
  EXPECT_EQ(base::CountCodePoints(hit.excerpt), kMaxMatchExcerptCodePoints);
  EXPECT_THAT(hit.excerpt_spans, ElementsAre(Span{2, kMaxMatchExcerptCodePoints}));
}

}  // namespace
}  // namespace cityinfo::articles
