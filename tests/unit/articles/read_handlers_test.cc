#include "services/articles/rpc/read_handlers.h"

#include "services/articles/rpc/request_fields.h"
#include "tests/unit/articles/handler_test.h"

namespace cityinfo::articles {
namespace {

using absl::StatusCode;

class ReadHandlersTest : public HandlerTest {
 protected:
  absl::StatusOr<v1::ListArticlesResponse> List(const rpc::RequestContext& context,
                                                const v1::ListArticlesRequest& request = {}) {
    return read_->ListArticles(context, request);
  }
  void Publish(const std::string& name) {
    v1::PublishArticleRequest request;
    request.set_name(name);
    ASSERT_OK(write_->PublishArticle(Editor(), request));
  }
  void Retitle(const std::string& name, const std::string& title) {
    v1::UpdateArticleRequest request;
    request.mutable_article()->set_name(name);
    request.mutable_article()->set_title(title);
    ASSERT_OK(write_->UpdateArticle(Editor(), request));
  }
};

TEST_F(ReadHandlersTest, ADraftDoesNotExistForReaders) {
  const v1::Article draft = Create();
  EXPECT_OK(Get(Editor(), draft.name()));
  EXPECT_OK(Get(Internal(), draft.name()));
  EXPECT_OK(Get(As("operator"), draft.name()));
  EXPECT_THAT(Get(Reader(), draft.name()), FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Get(As("no such role"), draft.name()),
              FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  Publish(draft.name());
  EXPECT_OK(Get(Reader(), draft.name()));
}

TEST_F(ReadHandlersTest, ReadersSeeOnlyRevisionsThatWerePublic) {
  const v1::Article draft = Create();
  Retitle(draft.name(), "第二稿");
  Publish(draft.name());
  Retitle(draft.name(), "更正");
  EXPECT_THAT(Get(Reader(), draft.name(), 1),
              FailsWith(StatusCode::kNotFound, "REVISION_NOT_FOUND"));
  EXPECT_OK(Get(Reader(), draft.name(), 2));
  EXPECT_OK(Get(Reader(), draft.name(), 3));
  EXPECT_OK(Get(Editor(), draft.name(), 1));
  v1::ListArticleRevisionsRequest request;
  request.set_name(draft.name());
  ASSERT_OK_AND_ASSIGN(const auto public_ones, read_->ListArticleRevisions(Reader(), request));
  ASSERT_EQ(public_ones.revisions_size(), 2);
  EXPECT_EQ(public_ones.revisions(0).author(), "");
  ASSERT_OK_AND_ASSIGN(const auto all, read_->ListArticleRevisions(Editor(), request));
  ASSERT_EQ(all.revisions_size(), 3);
  EXPECT_EQ(all.revisions(0).author(), "someone");
  EXPECT_EQ(all.revisions(0).summary(), "title changed");
  EXPECT_EQ(all.revisions(2).article().title(), draft.title());
}

TEST_F(ReadHandlersTest, ListsOfOtherStatesNeedAnEditor) {
  Create();
  v1::ListArticlesRequest request;
  request.set_state(v1::DRAFT);
  EXPECT_THAT(List(Reader(), request), FailsWith(StatusCode::kPermissionDenied, "EDITOR_REQUIRED"));
  ASSERT_OK_AND_ASSIGN(const auto drafts, List(Editor(), request));
  EXPECT_EQ(drafts.articles_size(), 1);
  ASSERT_OK_AND_ASSIGN(const auto published, List(Reader()));
  EXPECT_EQ(published.articles_size(), 0);
}

TEST_F(ReadHandlersTest, DeletedArticlesAreListedOnlyWhenAskedFor) {
  const std::string name = Create(1, true).name();
  v1::DeleteArticleRequest remove;
  remove.set_name(name);
  ASSERT_OK(write_->DeleteArticle(Editor(), remove));
  v1::ListArticlesRequest request;
  for (const auto state :
       {v1::ARTICLE_STATE_UNSPECIFIED, v1::DRAFT, v1::SCHEDULED, v1::PUBLISHED, v1::UNPUBLISHED}) {
    request.set_state(state);
    ASSERT_OK_AND_ASSIGN(const auto others, List(Editor(), request));
    EXPECT_EQ(others.articles_size(), 0) << state;
  }
  request.set_state(v1::DELETED);
  ASSERT_OK_AND_ASSIGN(const auto deleted, List(Editor(), request));
  ASSERT_EQ(deleted.articles_size(), 1);
  EXPECT_EQ(deleted.articles(0).name(), name);
  EXPECT_TRUE(deleted.articles(0).has_purge_time());
  EXPECT_THAT(List(Reader(), request), FailsWith(StatusCode::kPermissionDenied, "EDITOR_REQUIRED"));
}

TEST_F(ReadHandlersTest, ListsShowAScheduledArticleFromItsMomentOn) {
  const std::string name = Create().name();
  v1::PublishArticleRequest publish;
  publish.set_name(name);
  publish.mutable_publish_time()->set_seconds(
      absl::ToUnixSeconds(clock_.Now() + absl::Minutes(10)));
  ASSERT_OK(write_->PublishArticle(Editor(), publish));
  v1::ListArticlesRequest scheduled;
  scheduled.set_state(v1::SCHEDULED);
  ASSERT_OK_AND_ASSIGN(auto waiting, List(Editor(), scheduled));
  ASSERT_EQ(waiting.articles_size(), 1);
  EXPECT_TRUE(waiting.articles(0).has_publish_time());
  ASSERT_OK_AND_ASSIGN(auto published, List(Reader()));
  EXPECT_EQ(published.articles_size(), 0);
  clock_.Advance(absl::Minutes(10));
  ASSERT_OK_AND_ASSIGN(published, List(Reader()));
  ASSERT_EQ(published.articles_size(), 1);
  EXPECT_EQ(published.articles(0).state(), v1::PUBLISHED);
  ASSERT_OK_AND_ASSIGN(waiting, List(Editor(), scheduled));
  EXPECT_EQ(waiting.articles_size(), 0);
}

TEST_F(ReadHandlersTest, APageLabelNarrowsTheList) {
  for (const char* page : {"A1", "B2", "B2"}) {
    v1::CreateArticleRequest create;
    *create.mutable_article() = SampleProto();
    create.mutable_article()->set_page(page);
    create.set_publish(true);
    ASSERT_OK(write_->CreateArticle(Editor(), create));
  }
  v1::ListArticlesRequest request;
  request.set_page("B2");
  ASSERT_OK_AND_ASSIGN(const auto b2, List(Reader(), request));
  EXPECT_EQ(b2.articles_size(), 2);
  request.set_page("B");
  ASSERT_OK_AND_ASSIGN(const auto none, List(Reader(), request));
  EXPECT_EQ(none.articles_size(), 0);
  request.set_page(std::string(21, 'B'));
  EXPECT_THAT(List(Reader(), request), BlamesField("page"));
}

TEST_F(ReadHandlersTest, RevisionsSayWhoWhenAndWhat) {
  const std::string name = Create().name();
  clock_.Advance(absl::Hours(1));
  Retitle(name, "第二稿");
  v1::ListArticleRevisionsRequest request;
  request.set_name(name);
  request.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto newest, read_->ListArticleRevisions(Editor(), request));
  ASSERT_EQ(newest.revisions_size(), 1);
  EXPECT_EQ(newest.revisions(0).revision(), 2);
  EXPECT_EQ(newest.revisions(0).author(), "someone");
  EXPECT_EQ(newest.revisions(0).summary(), "title changed");
  EXPECT_EQ(newest.revisions(0).create_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_EQ(newest.revisions(0).article().title(), "第二稿");
  EXPECT_EQ(newest.revisions(0).article().blocks_size(), 0);
  request.set_page_token(newest.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto first, read_->ListArticleRevisions(Editor(), request));
  ASSERT_EQ(first.revisions_size(), 1);
  EXPECT_EQ(first.revisions(0).revision(), 1);
  EXPECT_EQ(first.revisions(0).create_time().seconds(),
            absl::ToUnixSeconds(clock_.Now() - absl::Hours(1)));
  EXPECT_NE(first.revisions(0).summary(), "");
  EXPECT_EQ(first.next_page_token(), "");
}

TEST_F(ReadHandlersTest, NamesAreChecked) {
  for (const char* name : {"", "articles/", "article/x", "articles/a/b", "x"}) {
    EXPECT_THAT(Get(Reader(), name), BlamesField("name")) << name;
  }
  EXPECT_THAT(Get(Reader(), "articles/nobody"),
              FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Get(Reader(), "articles/nobody", -1), BlamesField("revision"));
}

TEST_F(ReadHandlersTest, TheViewSaysHowMuch) {
  const v1::Article article = Create(1, true);
  v1::GetArticleRequest request;
  request.set_name(article.name());
  request.set_view(v1::BASIC);
  ASSERT_OK_AND_ASSIGN(const auto basic, read_->GetArticle(Reader(), request));
  EXPECT_EQ(basic.blocks_size(), 0);
  EXPECT_NE(basic.excerpt(), "");
  ASSERT_OK_AND_ASSIGN(auto list, List(Reader()));
  EXPECT_EQ(list.articles(0).blocks_size(), 0);
  v1::ListArticlesRequest full;
  full.set_view(v1::FULL);
  ASSERT_OK_AND_ASSIGN(list, List(Reader(), full));
  EXPECT_EQ(list.articles(0).blocks_size(), 1);
  request.set_view(static_cast<v1::ArticleView>(9));
  EXPECT_THAT(read_->GetArticle(Reader(), request), BlamesField("view"));
}

TEST_F(ReadHandlersTest, PageSizesAreDefaultedCutAndChecked) {
  for (int i = 0; i < 25; ++i) Create(i, true);
  ASSERT_OK_AND_ASSIGN(const auto standard, List(Reader()));
  EXPECT_EQ(standard.articles_size(), 20);
  v1::ListArticlesRequest request;
  request.set_page_size(1'000'000'000);
  ASSERT_OK_AND_ASSIGN(const auto large, List(Reader(), request));
  EXPECT_EQ(large.articles_size(), 25);
  EXPECT_EQ(large.next_page_token(), "");
  request.set_page_size(-1);
  EXPECT_THAT(List(Reader(), request), BlamesField("page_size"));
}

TEST_F(ReadHandlersTest, TokensBelongToTheirQuestion) {
  for (int i = 0; i < 5; ++i) Create(i, true);
  v1::ListArticlesRequest request;
  request.set_page_size(2);
  ASSERT_OK_AND_ASSIGN(const auto first, List(Reader(), request));
  request.set_page_token(first.next_page_token());
  request.set_page_size(3);  // Another size is no other question.
  ASSERT_OK_AND_ASSIGN(const auto rest, List(Reader(), request));
  EXPECT_EQ(rest.articles_size(), 3);
  EXPECT_EQ(rest.next_page_token(), "");
  request.set_section("要闻");
  EXPECT_THAT(List(Reader(), request),
              FailsWith(StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH"));
  request.set_page_token("nonsense");
  EXPECT_THAT(List(Reader(), request), BlamesField("page_token"));
}

TEST_F(ReadHandlersTest, TokensSayWhatTheirPageShowedOfTheFeed) {
  ListWindow window;
  const ListPosition end{.publish_date = {.year = 2021, .month = 12, .day = 20}, .sequence = 7};
  ASSERT_OK(DecodeListToken(EncodeListToken(end, 42), &window));
  EXPECT_EQ(window.after, end);
  EXPECT_EQ(window.min_feed_position, 42);
  ListWindow of_old_token;
  ASSERT_OK(DecodeListToken("2021-12-20|7", &of_old_token));
  EXPECT_EQ(of_old_token.after, end);
  EXPECT_EQ(of_old_token.min_feed_position, 0);
  for (const char* bad : {"", "2021-12-20", "2021-13-40|7", "2021-12-20|x", "2021-12-20|7|x",
                          "2021-12-20|7|8|9", "|||"}) {
    EXPECT_THAT(DecodeListToken(bad, &window), BlamesField("page_token")) << bad;
  }
}

TEST_F(ReadHandlersTest, FiltersAreChecked) {
  v1::ListArticlesRequest request;
  request.mutable_publish_date_from()->set_year(2021);
  request.mutable_publish_date_from()->set_month(13);
  request.mutable_publish_date_from()->set_day(40);
  EXPECT_THAT(List(Reader(), request), BlamesField("publish_date_from"));
  request.Clear();
  request.set_place("999999");
  EXPECT_THAT(List(Reader(), request), BlamesField("place"));
  request.Clear();
  request.set_state(static_cast<v1::ArticleState>(99));
  EXPECT_THAT(List(Reader(), request), BlamesField("state"));
}

TEST_F(ReadHandlersTest, ABatchIsAllOrNoneAndBounded) {
  const v1::Article a = Create(1, true);
  const v1::Article draft = Create(2);
  v1::BatchGetArticlesRequest request;
  EXPECT_THAT(read_->BatchGetArticles(Reader(), request), BlamesField("names"));
  request.add_names(a.name());
  ASSERT_OK_AND_ASSIGN(const auto one, read_->BatchGetArticles(Reader(), request));
  EXPECT_EQ(one.articles(0).name(), a.name());
  request.add_names(draft.name());
  EXPECT_THAT(read_->BatchGetArticles(Reader(), request),
              FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  request.set_names(1, "bad");
  EXPECT_THAT(read_->BatchGetArticles(Reader(), request), BlamesField("names[1]"));
  for (int i = 0; i < 100; ++i) request.add_names(a.name());
  EXPECT_THAT(read_->BatchGetArticles(Reader(), request), BlamesField("names"));
}

TEST_F(ReadHandlersTest, LabelsAreCounted) {
  Create(1, true);
  Create(2, true);
  ASSERT_OK_AND_ASSIGN(const auto tags, read_->ListTags(Reader(), {}));
  ASSERT_EQ(tags.tags_size(), 1);
  EXPECT_EQ(tags.tags(0).label(), "交通");
  EXPECT_EQ(tags.tags(0).count(), 2);
  ASSERT_OK_AND_ASSIGN(const auto sections, read_->ListSections(Reader(), {}));
  ASSERT_EQ(sections.sections_size(), 1);
  v1::ListTagsRequest request;
  request.set_page_size(-5);
  EXPECT_THAT(read_->ListTags(Reader(), request), BlamesField("page_size"));
}

}  // namespace
}  // namespace cityinfo::articles
