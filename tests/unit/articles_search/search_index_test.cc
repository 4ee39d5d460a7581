#include "services/articles/search/search_index.h"

#include "platform/base/error.h"
#include "services/articles/search/feed_mark.h"
#include "tests/unit/articles_search/search_index_fixture.h"

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(SearchIndexTest, FindsWordsOfTitleAndText) {
  Add(Published(1, "清水江步道贯通", {"全长12.6公里。", "昨天Christmas前夜"}));
  Add(Published(2, "别的消息", {"与步道无关，道路照旧"}));
  EXPECT_THAT(Newest("步道"), ElementsAre(2, 1));
  EXPECT_THAT(Newest("清水江步道"), ElementsAre(1));
  EXPECT_THAT(Newest("步"), ElementsAre(2, 1));
  EXPECT_THAT(Newest("ist"), ElementsAre(1));
  EXPECT_THAT(Newest("12.6"), ElementsAre(1));
  EXPECT_THAT(Newest("步道 公里"), ElementsAre(1));
  EXPECT_THAT(Newest("步道 -公里"), ElementsAre(2));
  EXPECT_THAT(Newest("步道 -全长12"), ElementsAre(2));
  EXPECT_THAT(Newest("，"), ElementsAre(2));
  // All pairs of it are there, the word is not.
  EXPECT_THAT(Newest("步道路"), IsEmpty());
  // Words do not go on from block to block.
  EXPECT_THAT(Newest("公里。昨天"), IsEmpty());
}

TEST_F(SearchIndexTest, AskingForNothingIsAnError) {
  for (const char* text : {"", "  ", "-步道", "\"\"", "\u200B"}) {
    EXPECT_EQ(base::ErrorReason(Find({.text = text}).status()), "QUERY_EMPTY") << text;
  }
}

TEST_F(SearchIndexTest, NothingTypedIsAnError) {
  Add(Published(1, "步道", {"正文"}));
  for (const char* text : {"\"", "\"\"\"", "NEAR(a b)", "a AND", "text:步道", "步道*", "^步道", "+",
                           "' OR 1=1", "步道)", "{", "\x01s", "%", "_", "\\", "--", "\xFF\xFE"}) {
    const auto page = Find({.text = text});
    EXPECT_TRUE(page.ok() || base::ErrorReason(page.status()) == "QUERY_EMPTY")
        << text << ": " << page.status();
  }
}

TEST_F(SearchIndexTest, AWordOfAHundredCharactersAndManyWords) {
  std::string word;
  for (int i = 0; i < 100; ++i) absl::StrAppend(&word, i % 10, "字");
  Add(Published(1, "标题", {absl::StrCat("前", word, "后")}));
  Add(Published(2, "标题", {absl::StrCat("前", word.substr(4), "后")}));
  EXPECT_THAT(Newest(word), ElementsAre(1));
  EXPECT_THAT(Newest("0字 1字 2字 3字 4字 5字 6字 7字 8字 9字 字0 字1 前 后 标题"),
              ElementsAre(2, 1));
}

TEST_F(SearchIndexTest, FiltersByLabelsAndDays) {
  Article first = Published(1, "步道", {}, {2021, 12, 20});
  first.content.section = "要闻";
  first.content.tags = {"交通", "民生"};
  first.content.publication = "凯里日报";
  first.content.page = "B2";
  first.content.place = "5226";
  Article second = Published(2, "步道", {}, {2021, 12, 21});
  second.content.section = "要闻";
  second.content.tags = {"交"};
  Add(first);
  Add(second);
  const auto with = [&](ArticleFilter filter) {
    return Sequences({.text = "步道", .filter = std::move(filter), .order = SearchOrder::kNewest});
  };
  EXPECT_THAT(with({.section = "要闻"}), ElementsAre(2, 1));
  EXPECT_THAT(with({.section = "要"}), IsEmpty());
  EXPECT_THAT(with({.tag = "交通"}), ElementsAre(1));
  EXPECT_THAT(with({.tag = "交"}), ElementsAre(2));
  EXPECT_THAT(with({.publication = "凯里日报"}), ElementsAre(1));
  EXPECT_THAT(with({.page = "B2"}), ElementsAre(1));
  EXPECT_THAT(with({.place = "5226"}), ElementsAre(1));
  EXPECT_THAT(with({.section = "要闻", .tag = "民生"}), ElementsAre(1));
  EXPECT_THAT(with({.publish_date_from = base::Date{2021, 12, 21}}), ElementsAre(2));
  EXPECT_THAT(with({.publish_date_to = base::Date{2021, 12, 20}}), ElementsAre(1));
  EXPECT_THAT(with({.publish_date_from = base::Date{2021, 12, 22},
                    .publish_date_to = base::Date{2021, 12, 20}}),
              IsEmpty());
  // A label is no word.
  EXPECT_THAT(Newest("交通"), IsEmpty());
}

TEST_F(SearchIndexTest, CountsAndFacets) {
  std::vector<ArticleChange> changes;
  for (int i = 1; i <= 30; ++i) {
    Article article = Published(i, "步道", {}, {2000 + i % 3, 1, 1 + i % 28});
    article.content.section = i % 5 == 0 ? "要闻" : i % 5 == 1 ? "" : "经济";
    changes.push_back(Next(std::move(article)));
  }
  Apply(changes);
  for (const SearchOrder order : {SearchOrder::kNewest, SearchOrder::kRelevance}) {
    ASSERT_OK_AND_ASSIGN(const FoundPage page, Find({.text = "步道", .order = order, .limit = 7}));
    EXPECT_EQ(page.ids.size(), 7);
    EXPECT_EQ(page.total, 30);
    EXPECT_FALSE(page.total_is_lower_bound);
    EXPECT_THAT(page.sections, ElementsAre(LabelCount{"经济", 18}, LabelCount{"要闻", 6}));
    EXPECT_THAT(page.years,
                ElementsAre(YearCount{2002, 10}, YearCount{2001, 10}, YearCount{2000, 10}));
    ASSERT_OK_AND_ASSIGN(const FoundPage second,
                         Find({.text = "步道", .order = order, .limit = 7, .after = page.next}));
    EXPECT_EQ(second.total, 30);
    EXPECT_THAT(second.sections, IsEmpty());
  }
}

TEST_F(SearchIndexTest, ShowsOnlyWhatIsPublicAtTheMoment) {
  const absl::Time from = kNow + absl::Hours(1);
  const absl::Time until = kNow + absl::Hours(2);
  Article scheduled = Published(1, "步道", {"正文"});
  scheduled.state = ArticleState::kScheduled;
  scheduled.publish_time = from;
  scheduled.unpublish_time = until;
  Article ending = Published(2, "步道", {"正文"});
  ending.unpublish_time = until;
  Article draft = Published(3, "步道", {"正文"});
  draft.state = ArticleState::kDraft;
  Apply({Next(scheduled), Next(ending), Next(draft)});
  for (const SearchOrder order : {SearchOrder::kNewest, SearchOrder::kRelevance}) {
    const auto at = [&](absl::Time now) {
      return Sequences({.text = "步道", .order = order}, now);
    };
    EXPECT_THAT(at(kNow), ElementsAre(2));
    EXPECT_THAT(at(from - absl::Microseconds(1)), ElementsAre(2));
    EXPECT_THAT(at(from), ElementsAre(2, 1));
    EXPECT_THAT(at(until - absl::Microseconds(1)), ElementsAre(2, 1));
    EXPECT_THAT(at(until), IsEmpty());
  }
}

TEST_F(SearchIndexTest, FollowsAnArticleThroughItsLife) {
  Article article = Published(1, "步道", {"旧的正文"});
  article.content.tags = {"交通"};
  Add(article);
  article.content.blocks[0].text = "新的正文";
  Add(article);
  EXPECT_THAT(Newest("旧的"), IsEmpty());
  EXPECT_THAT(Newest("新的"), ElementsAre(1));
  article.content.publish_date = {2022, 1, 1};
  Add(article);
  EXPECT_THAT(Newest("新的"), ElementsAre(1));
  for (const ArticleState state :
       {ArticleState::kUnpublished, ArticleState::kPublished, ArticleState::kDeleted}) {
    article.state = state;
    Add(article);
    EXPECT_THAT(Newest("步道").size(), state == ArticleState::kPublished ? 1 : 0);
    ASSERT_OK_AND_ASSIGN(const auto tags, index_->TagsWithPrefix("交", 5, absl::InfiniteFuture()));
    EXPECT_EQ(tags.size(), state == ArticleState::kPublished ? 1 : 0);
  }
  article.state = ArticleState::kPublished;
  Add(article);
  Apply({Next({.id = "article1", .sequence = 1}, /*purged=*/true)});
  EXPECT_THAT(Newest("步道"), IsEmpty());
}

TEST_F(SearchIndexTest, OldChangesChangeNothing) {
  const ArticleChange old = Next(Published(1, "旧步道", {}));
  const ArticleChange now = Next(Published(1, "新步道", {}));
  Apply({old, now});
  Apply({old, now});
  ASSERT_OK(index_->Apply({old}, 1, absl::InfiniteFuture()));
  EXPECT_EQ(index_->position(), 2);
  EXPECT_EQ(index_->mark(), MarkOf(now));
  EXPECT_THAT(Newest("旧步道"), IsEmpty());
  EXPECT_THAT(Newest("新步道"), ElementsAre(1));
}

TEST_F(SearchIndexTest, SuggestsTitlesAndTags) {
  for (int i = 1; i <= 4; ++i) {
    Article article = Published(i, i == 2 ? "步道贯通" : "清水江步道", {"步道"}, {2021, 12, i});
    article.content.tags =
        i < 4 ? std::vector<std::string>{"步行", "旅游"} : std::vector<std::string>{"步道"};
    Add(article);
  }
  Add(Published(5, "别的", {"步道"}));
  ASSERT_OK_AND_ASSIGN(const auto titles,
                       index_->TitlesWith("步道", 3, kNow, absl::InfiniteFuture()));
  EXPECT_THAT(titles, ElementsAre("article2", "article4", "article3"));
  ASSERT_OK_AND_ASSIGN(const auto none, index_->TitlesWith("", 3, kNow, absl::InfiniteFuture()));
  EXPECT_THAT(none, IsEmpty());
  ASSERT_OK_AND_ASSIGN(const auto tags, index_->TagsWithPrefix("步", 5, absl::InfiniteFuture()));
  EXPECT_THAT(tags, ElementsAre(LabelCount{"步行", 3}, LabelCount{"步道", 1}));
}

TEST_F(SearchIndexTest, FindsWhatSharesRareTerms) {
  for (int i = 1; i <= 20; ++i) {
    Add(Published(i, "消息", {i == 7 ? "消息与龙舟赛" : i == 9 ? "消息与龙舟" : "消息"}));
  }
  const std::vector<WeightedTerm> terms = {
      {.text = "消息", .weight = 1}, {.text = "龙舟", .weight = 1}, {.text = "舟赛", .weight = 2}};
  ASSERT_OK_AND_ASSIGN(const auto best,
                       index_->BestFor(terms, "article3", 3, kNow, absl::InfiniteFuture()));
  ASSERT_EQ(best.size(), 3);
  EXPECT_EQ(best[0].id, "article7");
  EXPECT_EQ(best[1].id, "article9");
  EXPECT_EQ(best[2].id, "article20");
  EXPECT_GT(best[0].score, best[1].score);
  ASSERT_OK_AND_ASSIGN(const auto without,
                       index_->BestFor(terms, "article7", 1, kNow, absl::InfiniteFuture()));
  EXPECT_EQ(without[0].id, "article9");
}

TEST_F(SearchIndexTest, ADeadlineEndsAQuestion) {
  Add(Published(1, "步道", {}));
  EXPECT_EQ(index_->Find({.text = "步道"}, kNow, absl::InfinitePast()).status().code(),
            absl::StatusCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace cityinfo::articles
