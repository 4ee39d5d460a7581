#include "services/articles/search/relevance.h"

#include <gtest/gtest.h>

#include "tests/unit/articles_search/search_index_fixture.h"

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;

const RelevanceModel kModel = {.rarity = {5000}, .typical_units = 100, .today = 19'000};

int64_t Score(std::u16string_view text, int64_t day = 18'000) {
  return ScoreText(kModel, {u"步道"}, text, day);
}

TEST(Relevance, PrefersTitlesMoreOftenShorterAndNewer) {
  const std::u16string filling(200, u'字');
  EXPECT_GT(Score(u"步道\n正文"), Score(u"消息\n步道步道步道步道"));
  EXPECT_GT(Score(u"消息\n步道步道"), Score(u"消息\n步道路途"));
  EXPECT_GT(Score(u"消息\n步道"), Score(u"消息\n步道" + filling));
  EXPECT_GT(Score(u"步道\n"), Score(u"步道以及很多很多别的事情都在标题里\n"));
  EXPECT_GT(Score(u"消息\n步道", 18'990), Score(u"消息\n步道", 18'000));
  EXPECT_EQ(Score(u"消息\n步道", 19'001), Score(u"消息\n步道", 19'000));
  EXPECT_EQ(Score(u"消息\n没有"), 0);
}

TEST(Relevance, ARareWordSaysMore) {
  EXPECT_GT(Rarity(3, 1000), Rarity(300, 1000));
  EXPECT_GE(Rarity(1000, 1000), 0);
  EXPECT_GE(Rarity(2000, 1000), 0);
  EXPECT_GE(Rarity(0, 0), 0);
}

class RelevanceOrderTest : public SearchIndexTest {};

TEST_F(RelevanceOrderTest, BestFirst) {
  Add(Published(1, "清水江步道贯通", {"市民可以走到城西。"}, {2021, 1, 1}));
  Add(Published(2, "城西消息", {"步道在清水江边，步道很长，步道很宽。"}, {2021, 6, 1}));
  Add(Published(3, "消息",
                {"清水江涨水，步道封闭。还有很多别的事情要说，一件接着一件，说也说不完。"},
                {2021, 12, 1}));
  EXPECT_THAT(Sequences({.text = "清水江 步道"}), ElementsAre(1, 2, 3));
  // The rare word decides.
  for (int i = 10; i < 40; ++i) Add(Published(i, "步道", {}, {2020, 1, 1}));
  Add(Published(50, "步道", {"龙舟"}, {2020, 1, 1}));
  Add(Published(51, "龙舟", {"步道"}, {2020, 1, 1}));
  EXPECT_THAT(Sequences({.text = "步道 龙舟"}), ElementsAre(51, 50));
}

}  // namespace
}  // namespace cityinfo::articles
