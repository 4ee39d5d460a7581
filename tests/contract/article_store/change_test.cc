#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "services/articles/domain/article_lifecycle.h"
#include "tests/contract/article_store/store_contract.h"

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_P(ArticleStoreContract, AnUpdateMakesARevisionAndKeepsTheOldOne) {
  const Article first = Create(SampleContent());
  clock_.Advance(absl::Minutes(5));
  ASSERT_OK_AND_ASSIGN(const Article second, Retitle(first, "换了标题"));
  EXPECT_EQ(second.revision, 2);
  EXPECT_EQ(second.newest_revision, 2);
  EXPECT_EQ(second.content.title, "换了标题");
  EXPECT_EQ(second.content.blocks, first.content.blocks);
  EXPECT_EQ(second.author, "redakteur");
  EXPECT_EQ(second.summary, "title changed");
  EXPECT_EQ(second.create_time, first.create_time);
  EXPECT_EQ(second.update_time, clock_.Now());
  EXPECT_NE(Etag(second), Etag(first));
  ASSERT_OK_AND_ASSIGN(const Article newest, Get(first));
  EXPECT_EQ(newest, second);
  ASSERT_OK_AND_ASSIGN(const Article old, Get(first, 1));
  EXPECT_EQ(old.content, first.content);
  EXPECT_EQ(old.revision, 1);
  EXPECT_EQ(old.newest_revision, 2);
  EXPECT_EQ(old.update_time, first.update_time);
}

TEST_P(ArticleStoreContract, AnUpdateThatChangesNothingMakesNoRevision) {
  const Article first = Create(SampleContent());
  ASSERT_OK_AND_ASSIGN(const Article second, Retitle(first, first.content.title));
  EXPECT_EQ(second, first);
  EXPECT_EQ(Feed().size(), 1);
}

TEST_P(ArticleStoreContract, AnUpdateNeverPublishes) {
  const Article draft = Create(SampleContent(1));
  ASSERT_OK_AND_ASSIGN(const Article updated, Retitle(draft, "仍是草稿"));
  EXPECT_EQ(updated.state, ArticleState::kDraft);
  EXPECT_FALSE(updated.first_publish_time.has_value());
  EXPECT_FALSE(updated.was_public);
  const Article taken_back = Published(2);
  ASSERT_OK(Change(taken_back, Transition::kUnpublish));
  ASSERT_OK_AND_ASSIGN(const Article still_back, Retitle(taken_back, "仍未公开"));
  EXPECT_EQ(still_back.state, ArticleState::kUnpublished);
  EXPECT_FALSE(still_back.was_public);
  EXPECT_THAT(Walk({}), IsEmpty());
}

TEST_P(ArticleStoreContract, AnUpdateOfAPublishedArticleIsPublic) {
  const Article article = Published();
  ASSERT_OK_AND_ASSIGN(const Article updated, Retitle(article, "更正后的标题"));
  EXPECT_EQ(updated.state, ArticleState::kPublished);
  EXPECT_TRUE(updated.was_public);
  EXPECT_EQ(updated.first_publish_time, article.first_publish_time);
}

TEST_P(ArticleStoreContract, AnUpdateMovesTheArticleInItsLists) {
  const Article article = Published();
  const base::Date day{.year = 2022, .month = 1, .day = 2};
  ASSERT_OK(store().Update(
      {.id = article.id,
       .patch = {.section = "副刊", .tags = std::vector<std::string>{"文化"}, .publish_date = day}},
      Soon()));
  EXPECT_THAT(Walk({.section = "综合新闻"}), IsEmpty());
  EXPECT_THAT(Walk({.tag = "民生"}), IsEmpty());
  EXPECT_THAT(Walk({.section = "副刊", .tag = "文化", .publish_date_from = day}),
              ElementsAre(article.id));
}

TEST_P(ArticleStoreContract, AnEtagThatDoesNotMatchAborts) {
  const Article first = Create(SampleContent());
  ASSERT_OK_AND_ASSIGN(const Article second, Retitle(first, "第二版", Etag(first)));
  for (const absl::Status& status :
       {Retitle(first, "第三版", Etag(first)).status(),
        Change(first, Transition::kPublish, Etag(first)).status(),
        Change(first, Transition::kDelete, Etag(first)).status(),
        store().Rollback({.id = first.id, .etag = Etag(first), .revision = 1}, Soon()).status()}) {
    EXPECT_THAT(status, testing::StatusIs(absl::StatusCode::kAborted));
    EXPECT_THAT(status, HasReason("ETAG_MISMATCH"));
  }
  ASSERT_OK_AND_ASSIGN(const Article published, Change(second, Transition::kPublish, Etag(second)));
  EXPECT_NE(Etag(published), Etag(second));
  EXPECT_EQ(Feed().size(), 3);
}

TEST_P(ArticleStoreContract, OfManyUpdatesWithOneEtagOneWins) {
  const Article first = Create(SampleContent());
  std::atomic<int> won{0};
  std::atomic<int> aborted{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        const auto result = Retitle(first, absl::StrCat("标题", i), Etag(first));
        if (result.ok()) ++won;
        if (base::ErrorReason(result.status()) == "ETAG_MISMATCH") ++aborted;
      });
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(aborted, 7);
  ASSERT_OK_AND_ASSIGN(const Article after, Get(first));
  EXPECT_EQ(after.revision, 2);
}

TEST_P(ArticleStoreContract, AnInvalidUpdateChangesNothing) {
  const Article article = Create(SampleContent());
  EXPECT_THAT(Retitle(article, "两\n行"), BlamesField("article.title"));
  EXPECT_THAT(store().Update({.id = article.id, .patch = {.place = "999999"}}, Soon()),
              BlamesField("article.place"));
  ASSERT_OK_AND_ASSIGN(const Article after, Get(article));
  EXPECT_EQ(after, article);
}

TEST_P(ArticleStoreContract, NewBlocksDropTheImportersDoubts) {
  ArticleContent content = SampleContent();
  content.doubts = {{.reason = QualityReason::kGarbled, .detail = "?", .block = 0}};
  const Article article = Create(content);
  ASSERT_OK_AND_ASSIGN(const Article retitled, Retitle(article, "只改标题"));
  EXPECT_EQ(retitled.content.doubts.size(), 1);
  ASSERT_OK_AND_ASSIGN(
      const Article rewritten,
      store().Update({.id = article.id, .patch = {.blocks = std::vector<Block>{{.text = "新"}}}},
                     Soon()));
  EXPECT_THAT(rewritten.content.doubts, IsEmpty());
  EXPECT_EQ(rewritten.excerpt, "新");
}

TEST_P(ArticleStoreContract, FirstPublishTimeNeverMoves) {
  const Article article = Create(SampleContent());
  clock_.Advance(absl::Hours(1));
  const absl::Time published_at = clock_.Now();
  ASSERT_OK(Change(article, Transition::kPublish));
  for (Transition transition : {Transition::kUnpublish, Transition::kPublish, Transition::kDelete,
                                Transition::kUndelete, Transition::kPublish}) {
    clock_.Advance(absl::Hours(1));
    ASSERT_OK_AND_ASSIGN(const Article changed, Change(article, transition));
    EXPECT_EQ(changed.first_publish_time, published_at);
    EXPECT_EQ(changed.revision, 1) << "a change of state is no revision";
  }
  clock_.Advance(absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const Article updated, Retitle(article, "新标题"));
  EXPECT_EQ(updated.first_publish_time, published_at);
  ASSERT_OK_AND_ASSIGN(const Article read, Get(article));
  EXPECT_EQ(read.first_publish_time, published_at);
}

TEST_P(ArticleStoreContract, DoingItTwiceChangesNothing) {
  const Article article = Create(SampleContent());
  for (Transition transition :
       {Transition::kPublish, Transition::kUnpublish, Transition::kDelete}) {
    ASSERT_OK_AND_ASSIGN(const Article once, Change(article, transition));
    const size_t feed = Feed().size();
    clock_.Advance(absl::Minutes(1));
    ASSERT_OK_AND_ASSIGN(const Article twice, Change(article, transition));
    EXPECT_EQ(twice, once);
    EXPECT_EQ(Feed().size(), feed);
  }
}

TEST_P(ArticleStoreContract, ADeletedArticleMustBeUndeletedFirst) {
  const Article article = Published();
  ASSERT_OK(Change(article, Transition::kDelete));
  EXPECT_THAT(Retitle(article, "x"), HasReason("ARTICLE_DELETED"));
  EXPECT_THAT(Change(article, Transition::kPublish), HasReason("ARTICLE_DELETED"));
  EXPECT_THAT(store().Rollback({.id = article.id, .revision = 1}, Soon()),
              HasReason("ARTICLE_DELETED"));
  ASSERT_OK_AND_ASSIGN(const Article read, Get(article));
  EXPECT_EQ(read.state, ArticleState::kDeleted);
  ASSERT_OK_AND_ASSIGN(const Article back, Change(article, Transition::kUndelete));
  EXPECT_EQ(back.state, ArticleState::kUnpublished);
  EXPECT_THAT(Change(article, Transition::kUndelete), HasReason("ARTICLE_NOT_DELETED"));
}

TEST_P(ArticleStoreContract, ADraftComesBackAsADraft) {
  const Article article = Create(SampleContent());
  ASSERT_OK(Change(article, Transition::kDelete));
  ASSERT_OK_AND_ASSIGN(const Article back, Change(article, Transition::kUndelete));
  EXPECT_EQ(back.state, ArticleState::kDraft);
  EXPECT_THAT(Change(article, Transition::kUnpublish), HasReason("ARTICLE_NOT_PUBLISHED"));
}

TEST_P(ArticleStoreContract, RevisionsAreListedNewestFirst) {
  const Article article = Create(SampleContent());
  for (int i = 2; i <= 5; ++i) ASSERT_OK(Retitle(article, absl::StrCat("第", i, "版")));
  ASSERT_OK_AND_ASSIGN(const RevisionPage top, store().ListRevisions(article.id, 0, 3, Soon()));
  ASSERT_EQ(top.revisions.size(), 3);
  EXPECT_EQ(top.revisions[0].revision, 5);
  EXPECT_EQ(top.revisions[2].content.title, "第3版");
  EXPECT_TRUE(top.more);
  ASSERT_OK_AND_ASSIGN(const RevisionPage rest, store().ListRevisions(article.id, 3, 3, Soon()));
  ASSERT_EQ(rest.revisions.size(), 2);
  EXPECT_EQ(rest.revisions[1].revision, 1);
  EXPECT_EQ(rest.revisions[1].summary, "created");
  EXPECT_FALSE(rest.more);
}

TEST_P(ArticleStoreContract, ARollbackIsANewRevisionWithOldContent) {
  const Article first = Published();
  ASSERT_OK(Retitle(first, "弄错的标题"));
  ASSERT_OK_AND_ASSIGN(const Article back,
                       store().Rollback({.id = first.id, .revision = 1, .author = "yang"}, Soon()));
  EXPECT_EQ(back.revision, 3);
  EXPECT_EQ(back.content, first.content);
  EXPECT_EQ(back.summary, "back to revision 1");
  EXPECT_EQ(back.state, ArticleState::kPublished);
  EXPECT_THAT(store().Rollback({.id = first.id, .revision = 9}, Soon()),
              HasReason("REVISION_NOT_FOUND"));
}

}  // namespace
}  // namespace cityinfo::articles
