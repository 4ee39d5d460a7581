#include <string>
#include <thread>
#include <vector>

#include "services/articles/domain/article_lifecycle.h"
#include "tests/contract/article_store/store_contract.h"

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_P(ArticleStoreContract, ANewArticleIsADraftAtItsFirstRevision) {
  ASSERT_OK_AND_ASSIGN(const Article article,
                       store().Create({.content = SampleContent(), .author = "yang"}, Soon()));
  EXPECT_EQ(article.state, ArticleState::kDraft);
  EXPECT_EQ(article.revision, 1);
  EXPECT_EQ(article.newest_revision, 1);
  EXPECT_EQ(article.content, SampleContent());
  EXPECT_EQ(article.excerpt, "昨天上午，编号1的步道桥拆下围挡。");
  EXPECT_EQ(article.author, "yang");
  EXPECT_EQ(article.create_time, clock_.Now());
  EXPECT_EQ(article.update_time, clock_.Now());
  EXPECT_FALSE(article.first_publish_time.has_value());
  EXPECT_FALSE(article.was_public);
  ASSERT_OK_AND_ASSIGN(const Article read, Get(article));
  EXPECT_EQ(read, article);
}

TEST_P(ArticleStoreContract, CreateMayPublish) {
  const Article article = Published();
  EXPECT_EQ(article.state, ArticleState::kPublished);
  EXPECT_EQ(article.first_publish_time, clock_.Now());
  EXPECT_TRUE(article.was_public);
}

TEST_P(ArticleStoreContract, TheBasicViewHasEverythingButTheText) {
  const Article article = Create(SampleContent());
  ASSERT_OK_AND_ASSIGN(const Article basic,
                       store().Get(article.id, 0, ArticleView::kBasic, Soon()));
  EXPECT_THAT(basic.content.blocks, IsEmpty());
  EXPECT_EQ(basic.content.title, article.content.title);
  EXPECT_EQ(basic.excerpt, article.excerpt);
}

TEST_P(ArticleStoreContract, EveryFieldComesBackAsItWasWritten) {
  ArticleContent content = SampleContent();
  content.title = "引号\"、反斜线\\、百分号%与表情😀";
  content.tags = {"a b", "\"quoted\"", "百分之百%"};
  content.printed_date = base::Date{.year = 2021, .month = 12, .day = 18};
  content.continued_from = "B1版";
  content.blocks = {{.kind = BlockKind::kHeading, .text = "一、{\"json\": [1]}", .spans = {{0, 3}}},
                    {.kind = BlockKind::kParagraph,
                     .text = "两处印的一段",
                     .spans = {{5, 9}, {40, 42}},
                     .quality = {QualityReason::kMoved, QualityReason::kGarbled}},
                    {.kind = BlockKind::kCaption, .text = "   图   "}};
  content.doubts = {
      {.reason = QualityReason::kBreaksOff, .detail = "“到此为止”", .block = 1, .span = {5, 9}},
      {.reason = QualityReason::kUncertainTitle, .block = -1}};
  const Article article = Create(content);
  ASSERT_OK_AND_ASSIGN(const Article read, Get(article));
  EXPECT_EQ(read.content, content);
}

TEST_P(ArticleStoreContract, AnArticleMayHaveNoText) {
  ArticleContent content = SampleContent();
  content.blocks.clear();
  content.tags.clear();
  const Article article = Create(content);
  ASSERT_OK_AND_ASSIGN(const Article read, Get(article));
  EXPECT_EQ(read.content, content);
  EXPECT_EQ(read.excerpt, "");
}

TEST_P(ArticleStoreContract, WhatIsNotValidIsNotStored) {
  ArticleContent content = SampleContent();
  content.title.clear();
  const auto result = store().Create({.content = content}, Soon());
  EXPECT_THAT(result, testing::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(result, BlamesField("article.title"));
  EXPECT_THAT(Feed(), IsEmpty());
}

TEST_P(ArticleStoreContract, WhatCannotBeTextIsRefusedByItsName) {
  const std::string nul("a\0b", 3);
  ArticleContent content = SampleContent();
  content.title = nul;
  EXPECT_THAT(store().Create({.content = content}, Soon()), BlamesField("article.title"));
  content = SampleContent();
  content.blocks[1].text = nul;
  EXPECT_THAT(store().Create({.content = content}, Soon()), BlamesField("article.blocks[1].text"));
  content = SampleContent();
  content.tags[0] = "\xFF";
  EXPECT_THAT(store().Create({.content = content}, Soon()), BlamesField("article.tags[0]"));
  EXPECT_THAT(store().Create({.content = SampleContent(), .author = nul}, Soon()),
              BlamesField("author"));
  EXPECT_THAT(store().Create({.content = SampleContent(), .request_id = nul}, Soon()),
              BlamesField("request_id"));
  EXPECT_THAT(Feed(), IsEmpty());
}

TEST_P(ArticleStoreContract, WhatCannotBeTextIsNotFound) {
  const Article article = Published();
  for (const std::string& odd : {article.id + std::string("\0", 1), std::string("\xFF\xFE"),
                                 std::string(), std::string(100'000, 'x')}) {
    EXPECT_THAT(store().Get(odd, 0, ArticleView::kFull, Soon()), HasReason("ARTICLE_NOT_FOUND"));
    EXPECT_THAT(store().BatchGet({article.id, odd}, ArticleView::kFull, Soon()),
                HasReason("ARTICLE_NOT_FOUND"));
    EXPECT_THAT(store().GetPageText(odd, Soon()), HasReason("PAGE_NOT_FOUND"));
  }
  for (const char* odd : {"\xFF", "步道\xE6"}) {
    EXPECT_THAT(Walk({.section = odd}), IsEmpty());
  }
  EXPECT_THAT(Walk({.tag = std::string("交通\0", 7)}), IsEmpty());
}

TEST_P(ArticleStoreContract, NumbersMayBeLarge) {
  const Article article = Create(SampleContent());
  EXPECT_THAT(Get(article, int64_t{1} << 40), HasReason("REVISION_NOT_FOUND"));
  ASSERT_OK_AND_ASSIGN(const RevisionPage page,
                       store().ListRevisions(article.id, int64_t{1} << 40, 10, Soon()));
  EXPECT_EQ(page.revisions.size(), 1);
  ArticleContent content = SampleContent();
  content.blocks[0].spans = {{int64_t{1} << 40, (int64_t{1} << 40) + 5}};
  ASSERT_OK_AND_ASSIGN(const Article read, Get(Create(content)));
  EXPECT_EQ(read.content, content);
}

TEST_P(ArticleStoreContract, TheSameRequestIdGivesTheFirstAnswer) {
  const NewArticle request{.content = SampleContent(), .request_id = "line-1"};
  ASSERT_OK_AND_ASSIGN(const Article first, store().Create(request, Soon()));
  ASSERT_OK(Retitle(first, "后来的标题"));
  ASSERT_OK(Change(first, Transition::kPublish));
  clock_.Advance(absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const Article again, store().Create(request, Soon()));
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.revision, 1);
  EXPECT_EQ(again.state, ArticleState::kDraft);
  EXPECT_EQ(again.content, first.content);
  EXPECT_EQ(Feed().size(), 3);
}

TEST_P(ArticleStoreContract, ARequestIdWithAnotherBodyIsAnError) {
  ASSERT_OK(store().Create({.content = SampleContent(1), .request_id = "line-1"}, Soon()));
  for (const NewArticle& other :
       {NewArticle{.content = SampleContent(2), .request_id = "line-1"},
        NewArticle{.content = SampleContent(1), .publish = true, .request_id = "line-1"}}) {
    const auto result = store().Create(other, Soon());
    EXPECT_THAT(result, testing::StatusIs(absl::StatusCode::kAlreadyExists));
    EXPECT_THAT(result, HasReason("REQUEST_ID_REUSED"));
  }
  EXPECT_EQ(Feed().size(), 1);
}

TEST_P(ArticleStoreContract, RequestIdsAreForgottenInTime) {
  ASSERT_OK_AND_ASSIGN(const Article first,
                       store().Create({.content = SampleContent(), .request_id = "r"}, Soon()));
  clock_.Advance(absl::Hours(24 * 31));
  ASSERT_OK_AND_ASSIGN(const Article second,
                       store().Create({.content = SampleContent(2), .request_id = "r"}, Soon()));
  EXPECT_NE(second.id, first.id);
}

TEST_P(ArticleStoreContract, OneRequestIdFromManyThreadsMakesOneArticle) {
  std::vector<std::string> ids(8);
  {
    std::vector<std::jthread> threads;
    for (std::string& id : ids) {
      threads.emplace_back([&] {
        const auto article =
            store().Create({.content = SampleContent(), .request_id = "same"}, Soon());
        if (article.ok()) id = article->id;
      });
    }
  }
  EXPECT_THAT(ids, ::testing::Each(ids[0]));
  EXPECT_NE(ids[0], "");
  EXPECT_EQ(Feed().size(), 1);
}

TEST_P(ArticleStoreContract, WithoutARequestIdEveryCallStores) {
  EXPECT_NE(Create(SampleContent()).id, Create(SampleContent()).id);
}

TEST_P(ArticleStoreContract, WhatDoesNotExistIsNotFound) {
  const Article article = Create(SampleContent());
  EXPECT_THAT(store().Get("nobody", 0, ArticleView::kFull, Soon()), HasReason("ARTICLE_NOT_FOUND"));
  EXPECT_THAT(store().Get("nobody", 3, ArticleView::kFull, Soon()), HasReason("ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Get(article, 2), HasReason("REVISION_NOT_FOUND"));
  EXPECT_THAT(Change({.id = "nobody"}, Transition::kPublish), HasReason("ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Retitle({.id = "nobody"}, "x"), HasReason("ARTICLE_NOT_FOUND"));
  EXPECT_THAT(store().ListRevisions("nobody", 0, 10, Soon()), HasReason("ARTICLE_NOT_FOUND"));
  EXPECT_THAT(store().GetPageText("nobody", Soon()), HasReason("PAGE_NOT_FOUND"));
}

TEST_P(ArticleStoreContract, BatchGetKeepsTheOrderAskedFor) {
  const Article a = Create(SampleContent(1));
  const Article b = Create(SampleContent(2));
  ASSERT_OK_AND_ASSIGN(const std::vector<Article> articles,
                       store().BatchGet({b.id, a.id, b.id}, ArticleView::kFull, Soon()));
  EXPECT_THAT(articles, ElementsAre(b, a, b));
}

TEST_P(ArticleStoreContract, BatchGetTakesAnyNumber) {
  std::vector<std::string> made;
  for (int i = 0; i < 7; ++i) made.push_back(Create(SampleContent(i)).id);
  for (size_t count : {0, 1, 4, 5, 35}) {
    std::vector<std::string> wanted;
    for (size_t i = 0; i < count; ++i) wanted.push_back(made[i % made.size()]);
    ASSERT_OK_AND_ASSIGN(const std::vector<Article> articles,
                         store().BatchGet(wanted, ArticleView::kBasic, Soon()));
    std::vector<std::string> got;
    for (const Article& article : articles) got.push_back(article.id);
    EXPECT_EQ(got, wanted);
  }
}

TEST_P(ArticleStoreContract, BatchGetReadsTextsUpToABound) {
  ArticleContent content = SampleContent();
  content.blocks.assign(100, {.text = std::string(20'000, 'x')});
  const std::string id = Create(content).id;
  const size_t allowed = kMaxBatchTextBytes / (100 * 20'000);
  const std::vector<std::string> ids(allowed + 1, id);
  ASSERT_OK_AND_ASSIGN(const std::vector<Article> articles,
                       store().BatchGet({ids.begin(), ids.end() - 1}, ArticleView::kFull, Soon()));
  EXPECT_EQ(articles.size(), allowed);
  EXPECT_EQ(articles.back().content, content);
  EXPECT_THAT(store().BatchGet(ids, ArticleView::kFull, Soon()), HasReason("RESPONSE_TOO_LARGE"));
  EXPECT_OK(store().BatchGet(ids, ArticleView::kBasic, Soon()));
}

TEST_P(ArticleStoreContract, BatchGetIsAllOrNone) {
  const Article a = Create(SampleContent(1));
  const auto result = store().BatchGet({a.id, "missing"}, ArticleView::kFull, Soon());
  EXPECT_THAT(result,
              testing::StatusIs(absl::StatusCode::kNotFound, ::testing::HasSubstr("missing")));
}

TEST_P(ArticleStoreContract, ACallTooLateChangesNothing) {
  const absl::Time past = absl::Now() - absl::Seconds(1);
  const Article article = Create(SampleContent());
  EXPECT_THAT(store().Create({.content = SampleContent(2)}, past),
              testing::StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(store().ChangeState({.id = article.id}, past),
              testing::StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(Feed().size(), 1);
}

TEST_P(ArticleStoreContract, EverythingIsThereAfterReopening) {
  const Article draft = Create(SampleContent(1));
  const Article published = Published(2);
  ASSERT_OK_AND_ASSIGN(const Article updated, Retitle(published, "改过的标题"));
  const std::vector<ArticleChange> before = Feed();
  Reopen();
  ASSERT_OK_AND_ASSIGN(const Article draft_after, Get(draft));
  EXPECT_EQ(draft_after, draft);
  ASSERT_OK_AND_ASSIGN(const Article updated_after, Get(updated));
  EXPECT_EQ(updated_after, updated);
  EXPECT_EQ(Feed().size(), before.size());
  EXPECT_EQ(store().change_signal().newest(), 3);
  EXPECT_OK(store().Check(Soon()));
}

}  // namespace
}  // namespace cityinfo::articles
