#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/contract/article_store/store_contract.h"

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

base::Date December(int day) { return {.year = 2021, .month = 12, .day = day}; }

TEST_P(ArticleStoreContract, ListsNewestFirst) {
  const Article old = Create(SampleContentOf(1, December(1)), true);
  const Article new_first = Create(SampleContentOf(2, December(9)), true);
  const Article new_second = Create(SampleContentOf(3, December(9)), true);
  const Article middle = Create(SampleContentOf(4, December(5)), true);
  EXPECT_THAT(Walk({}), ElementsAre(new_second.id, new_first.id, middle.id, old.id));
}

TEST_P(ArticleStoreContract, AListHoldsTheStateAskedForOnly) {
  const Article draft = Create(SampleContent(1));
  const Article published = Published(2);
  const Article unpublished = Published(3);
  ASSERT_OK(Change(unpublished, Transition::kUnpublish));
  const Article deleted = Published(4);
  ASSERT_OK(Change(deleted, Transition::kDelete));
  EXPECT_THAT(Walk({}), ElementsAre(published.id));
  EXPECT_THAT(Walk({.state = ArticleState::kDraft}), ElementsAre(draft.id));
  EXPECT_THAT(Walk({.state = ArticleState::kUnpublished}), ElementsAre(unpublished.id));
  EXPECT_THAT(Walk({.state = ArticleState::kDeleted}), ElementsAre(deleted.id));
}

TEST_P(ArticleStoreContract, FiltersAreAnded) {
  ArticleContent content = SampleContentOf(1, December(3));
  content.section = "要闻";
  content.tags = {"旅游"};
  content.publication = "山城日报";
  content.place = "5226";
  const Article wanted = Create(content, true);
  content.tags = {"教育"};
  const Article other = Create(content, true);
  const Article sample = Published(2);
  EXPECT_THAT(Walk({.section = "要闻"}), ElementsAre(other.id, wanted.id));
  EXPECT_THAT(Walk({.publication = "山城日报"}), ElementsAre(other.id, wanted.id));
  EXPECT_THAT(Walk({.place = "5226"}), ElementsAre(other.id, wanted.id));
  EXPECT_THAT(Walk({.tag = "旅游"}), ElementsAre(wanted.id));
  EXPECT_THAT(Walk({.section = "要闻", .tag = "旅游", .publication = "山城日报", .place = "5226"}),
              ElementsAre(wanted.id));
  EXPECT_THAT(Walk({.section = "要闻", .tag = "民生"}), IsEmpty());
  EXPECT_THAT(Walk({.tag = "民生"}), ElementsAre(sample.id));
}

TEST_P(ArticleStoreContract, DateRangesIncludeBothEnds) {
  std::vector<std::string> ids;
  for (int day = 1; day <= 5; ++day)
    ids.push_back(Create(SampleContentOf(day, December(day)), true).id);
  EXPECT_THAT(Walk({.publish_date_from = December(2), .publish_date_to = December(4)}),
              ElementsAre(ids[3], ids[2], ids[1]));
  EXPECT_THAT(Walk({.tag = "民生", .publish_date_from = December(5)}), ElementsAre(ids[4]));
  EXPECT_THAT(Walk({.publish_date_to = December(1)}), ElementsAre(ids[0]));
}

TEST_P(ArticleStoreContract, WalkingNeitherSkipsNorRepeatsWhileArticlesAreAdded) {
  std::set<std::string> there;
  for (int i = 0; i < 30; ++i) {
    there.insert(Create(SampleContentOf(i, December(1 + i % 7)), true).id);
  }
  for (const ArticleFilter& filter :
       {ArticleFilter{}, ArticleFilter{.tag = "交通"}, ArticleFilter{.section = "综合新闻"}}) {
    std::vector<std::string> seen;
    ListWindow window{.limit = 4};
    int number = 100;
    do {
      ASSERT_OK_AND_ASSIGN(const ArticlePage page,
                           store().List(filter, window, ArticleView::kBasic, Soon()));
      EXPECT_LE(page.articles.size(), 4);
      for (const Article& article : page.articles) seen.push_back(article.id);
      window.after = page.next;
      // Before, at and behind the place where the reader stands.
      for (int day : {1, 4, 9}) Create(SampleContentOf(++number, December(day)), true);
    } while (window.after && seen.size() < 500);
    const std::set<std::string> distinct(seen.begin(), seen.end());
    EXPECT_EQ(distinct.size(), seen.size()) << "an article came twice";
    EXPECT_TRUE(std::includes(distinct.begin(), distinct.end(), there.begin(), there.end()))
        << "an article was skipped";
  }
}

TEST_P(ArticleStoreContract, TheLastPageSaysSo) {
  for (int i = 0; i < 4; ++i) Published(i);
  ASSERT_OK_AND_ASSIGN(const ArticlePage exact,
                       store().List({}, {.limit = 4}, ArticleView::kBasic, Soon()));
  EXPECT_EQ(exact.articles.size(), 4);
  EXPECT_FALSE(exact.next.has_value());
  ASSERT_OK_AND_ASSIGN(const ArticlePage part,
                       store().List({}, {.limit = 3}, ArticleView::kBasic, Soon()));
  EXPECT_EQ(part.articles.size(), 3);
  EXPECT_TRUE(part.next.has_value());
}

TEST_P(ArticleStoreContract, AListMayCarryTheText) {
  const Article article = Published();
  ASSERT_OK_AND_ASSIGN(const ArticlePage page,
                       store().List({}, {.limit = 4}, ArticleView::kFull, Soon()));
  EXPECT_THAT(page.articles, ElementsAre(article));
}

TEST_P(ArticleStoreContract, AListOfTextsEndsItsPagesByTheirBytesAndMissesNothing) {
  constexpr size_t kBlock = 1000;
  constexpr size_t kBytes = 5000;
  for (int i = 1; i <= 60; ++i) {
    ArticleContent content = SampleContentOf(i, December(1 + i % 9));
    // Every tenth is too large for any page.
    content.blocks.assign(i % 10 == 0 ? 7 : 1 + i % 3, {.text = std::string(kBlock, 'x')});
    Create(content, true);
  }
  ListWindow window{.limit = 100, .text_bytes = kBytes};
  std::vector<std::string> seen;
  size_t pages = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const ArticlePage page,
                         store().List({}, window, ArticleView::kFull, Soon()));
    ASSERT_FALSE(page.articles.empty());
    size_t bytes = 0;
    for (const Article& article : page.articles) {
      for (const Block& block : article.content.blocks) bytes += block.text.size();
      seen.push_back(article.id);
    }
    EXPECT_TRUE(bytes <= kBytes || page.articles.size() == 1) << bytes;
    EXPECT_EQ(page.feed_position, 60);
    window.after = page.next;
    ++pages;
  } while (window.after && pages < 100);
  EXPECT_EQ(seen, Walk({}));
  EXPECT_GT(pages, 20u);
  // Without such a bound one page holds them all, more than are read at once.
  ASSERT_OK_AND_ASSIGN(const ArticlePage all,
                       store().List({}, {.limit = 100}, ArticleView::kFull, Soon()));
  EXPECT_EQ(all.articles.size(), 60);
  EXPECT_FALSE(all.next.has_value());
  ASSERT_OK_AND_ASSIGN(const ArticlePage part,
                       store().List({}, {.limit = 40}, ArticleView::kFull, Soon()));
  EXPECT_EQ(part.articles.size(), 40);
  EXPECT_EQ(part.next, PositionOf(part.articles.back()));
}

TEST_P(ArticleStoreContract, APageSaysUntilWhenItStands) {
  Published(1);
  ASSERT_OK_AND_ASSIGN(ArticlePage page,
                       store().List({}, {.limit = 5}, ArticleView::kBasic, Soon()));
  EXPECT_EQ(page.stands_until, absl::InfiniteFuture());
  ASSERT_OK_AND_ASSIGN(const ArticlePage none, store().List({.section = "没有"}, {.limit = 5},
                                                            ArticleView::kBasic, Soon()));
  EXPECT_EQ(none.stands_until, absl::InfinitePast()) << "nothing is known of an empty page";
}

TEST_P(ArticleStoreContract, LabelsOfOneCountComeByteByByte) {
  ArticleContent content = SampleContent(1);
  content.tags = {"b", "Äpfel", "中", "a", "B", "A b", "Ab"};
  Create(content, true);
  ASSERT_OK_AND_ASSIGN(const std::vector<LabelCount> tags, store().CountTags(10, Soon()));
  std::vector<std::string> labels;
  for (const LabelCount& tag : tags) labels.push_back(tag.label);
  EXPECT_THAT(labels, ElementsAre("A b", "Ab", "B", "a", "b", "Äpfel", "中"));
}

TEST_P(ArticleStoreContract, APageSaysWhatItShowsOfTheFeed) {
  for (int i = 1; i <= 3; ++i) Published(i);
  ASSERT_OK_AND_ASSIGN(const ArticlePage first,
                       store().List({}, {.limit = 2}, ArticleView::kBasic, Soon()));
  EXPECT_EQ(first.feed_position, 3);
  Published(4);
  ASSERT_OK_AND_ASSIGN(
      const ArticlePage second,
      store().List({.tag = "交通"},
                   {.limit = 2, .after = first.next, .min_feed_position = first.feed_position},
                   ArticleView::kBasic, Soon()));
  EXPECT_EQ(second.feed_position, 4);
  ASSERT_OK_AND_ASSIGN(
      const ArticlePage empty,
      store().List({.section = "没有"}, {.min_feed_position = 4}, ArticleView::kBasic, Soon()));
  EXPECT_EQ(empty.feed_position, 4);
}

TEST_P(ArticleStoreContract, LabelsAreCountedOverPublishedArticles) {
  ArticleContent content = SampleContent(1);
  content.section = "要闻";
  content.tags = {"交通", "旅游"};
  const Article article = Create(content, true);
  Published(2);
  Published(3);
  Create(SampleContent(4));
  ASSERT_OK_AND_ASSIGN(std::vector<LabelCount> tags, store().CountTags(10, Soon()));
  EXPECT_THAT(tags,
              ElementsAre(LabelCount{"交通", 3}, LabelCount{"民生", 2}, LabelCount{"旅游", 1}));
  ASSERT_OK_AND_ASSIGN(const std::vector<LabelCount> sections, store().CountSections(1, Soon()));
  EXPECT_THAT(sections, ElementsAre(LabelCount{"综合新闻", 2}));
  ASSERT_OK(store().Update({.id = article.id, .patch = {.tags = std::vector<std::string>{"交通"}}},
                           Soon()));
  ASSERT_OK_AND_ASSIGN(tags, store().CountTags(10, Soon()));
  EXPECT_THAT(tags, ElementsAre(LabelCount{"交通", 3}, LabelCount{"民生", 2}));
}

}  // namespace
}  // namespace cityinfo::articles
