#include "services/articles/search/word_matches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/utf8.h"

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(QueryWords, SplitsAtSpacesOfAllKinds) {
  EXPECT_THAT(QueryWords("  桥 步道\u3000通行\t桥\n"), ElementsAre("桥", "步道", "通行"));
  EXPECT_THAT(QueryWords(" \u3000 "), IsEmpty());
}

TEST(QueryWords, TakesABoundedNumber) {
  std::string query;
  for (int i = 0; i < 100; ++i) query += std::to_string(i) + " ";
  EXPECT_EQ(QueryWords(query).size(), kMaxQueryWords);
}

TEST(FindWords, GivesCodePointsAndMergesOverlaps) {
  EXPECT_THAT(FindWords("新桥通了，桥长30米", {"桥", "30米"}),
              ElementsAre(Span{1, 2}, Span{5, 6}, Span{7, 10}));
  EXPECT_THAT(FindWords("步道桥", {"步道", "道桥"}), ElementsAre(Span{0, 3}));
  EXPECT_THAT(FindWords("GDP与gdp", {"Gdp"}), ElementsAre(Span{0, 3}, Span{4, 7}));
  EXPECT_THAT(FindWords("没有", {"桥", ""}), IsEmpty());
}

TEST(MakeMatchExcerpt, ShowsTheBlockWithMostWords) {
  const std::vector<Block> blocks = {{.text = "只有桥"}, {.text = "桥和步道都有"}, {.text = "无"}};
  const Excerpt excerpt = MakeMatchExcerpt(blocks, {"桥", "步道"});
  EXPECT_EQ(excerpt.text, "桥和步道都有");
  EXPECT_THAT(excerpt.spans, ElementsAre(Span{0, 1}, Span{2, 4}));
  EXPECT_EQ(MakeMatchExcerpt(blocks, {"别的"}).text, "");
}

TEST(MakeMatchExcerpt, CutsALongBlockAroundTheFirstMatch) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "字";
  text += "步道";
  for (int i = 0; i < 300; ++i) text += "字";
  const Excerpt excerpt = MakeMatchExcerpt({{.text = text}}, {"步道"});
  EXPECT_EQ(base::CountCodePoints(excerpt.text), kExcerptCodePoints);
  ASSERT_EQ(excerpt.spans.size(), 1);
  EXPECT_EQ(base::SubstrCodePoints(excerpt.text, excerpt.spans[0].begin, excerpt.spans[0].end),
            "步道");
}

}  // namespace
}  // namespace cityinfo::articles
