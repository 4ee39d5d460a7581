#include "services/articles/rpc/answer_cache.h"

#include <optional>
#include <utility>

#include "platform/base/status_macros.h"
#include "tests/unit/articles/handler_test.h"

namespace cityinfo::articles {
namespace {

using ::testing::HasSubstr;

// The read handlers with the cache in front of them, as article_service.cc puts it there.
class AnswerCacheTest : public HandlerTest {
 protected:
  void SetUp() override {
    HandlerTest::SetUp();
    Make({.clock = &clock_});
  }
  void Make(AnswerCache::Options options) {
    options.clock = &clock_;
    cache_ = std::make_unique<AnswerCache>(store_->change_signal(), metrics_, options);
  }

  // As article_service.cc does: requests of two methods may have the same bytes.
  static char KeptAs(const v1::GetArticleRequest&) { return 'g'; }
  static char KeptAs(const v1::BatchGetArticlesRequest&) { return 'b'; }
  static char KeptAs(const v1::ListArticlesRequest&) { return 'l'; }

  // What the cache has for this question.
  template <typename Request>
  std::optional<rpc::SharedBytes> Kept(const rpc::RequestContext& context, const Request& request) {
    return cache_->Find(KeptAs(request), context, rpc::ToByteBuffer(request.SerializeAsString()));
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(absl::StatusOr<Response> (ReadHandlers::*method)(
                                   const rpc::RequestContext&, const Request&, Standing*),
                               const rpc::RequestContext& context, const Request& request) {
    std::optional<rpc::SharedBytes> bytes = Kept(context, request);
    from_cache_ = bytes.has_value();
    if (!bytes) {
      const absl::Time begun = cache_->Now();
      Standing standing;
      CITY_ASSIGN_OR_RETURN(const Response response,
                            ((*read_).*method)(context, request, &standing));
      bytes = cache_->Keep(KeptAs(request), context, request, response, standing, begun);
    }
    Response response;
    EXPECT_TRUE(response.ParseFromString(**bytes));
    return response;
  }
  absl::StatusOr<v1::Article> AskFor(const rpc::RequestContext& context, const std::string& name) {
    v1::GetArticleRequest request;
    request.set_name(name);
    return Ask(&ReadHandlers::GetArticle, context, request);
  }
  absl::StatusOr<v1::ListArticlesResponse> AskForList(const rpc::RequestContext& context,
                                                      const v1::ListArticlesRequest& request = {}) {
    return Ask(&ReadHandlers::ListArticles, context, request);
  }

  void Retitle(const std::string& name, const std::string& title) {
    v1::UpdateArticleRequest request;
    request.mutable_article()->set_name(name);
    request.mutable_article()->set_title(title);
    ASSERT_OK(write_->UpdateArticle(Editor(), request));
  }
  // Public in ten minutes, taken back in twenty.
  void Schedule(const std::string& name) {
    v1::PublishArticleRequest request;
    request.set_name(name);
    request.mutable_publish_time()->set_seconds(
        absl::ToUnixSeconds(clock_.Now() + absl::Minutes(10)));
    request.mutable_unpublish_time()->set_seconds(
        absl::ToUnixSeconds(clock_.Now() + absl::Minutes(20)));
    ASSERT_OK(write_->PublishArticle(Editor(), request));
  }

  telemetry::Metrics metrics_;
  std::unique_ptr<AnswerCache> cache_;
  bool from_cache_ = false;  // The last answer.
};

TEST_F(AnswerCacheTest, AQuestionAskedAgainHasTheSameAnswer) {
  const std::string name = Create(1, true).name();
  ASSERT_OK_AND_ASSIGN(const v1::Article first, AskFor(Reader(), name));
  EXPECT_FALSE(from_cache_);
  ASSERT_OK_AND_ASSIGN(const v1::Article second, AskFor(Reader(), name));
  EXPECT_TRUE(from_cache_);
  EXPECT_EQ(second.SerializeAsString(), first.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const v1::ListArticlesResponse list, AskForList(Reader()));
  EXPECT_FALSE(from_cache_);
  ASSERT_OK_AND_ASSIGN(const v1::ListArticlesResponse again, AskForList(Reader()));
  EXPECT_TRUE(from_cache_);
  EXPECT_EQ(again.SerializeAsString(), list.SerializeAsString());
  EXPECT_THAT(metrics_.RenderText(), HasSubstr("cityinfo_articles_answer_cache_hits_total 2"));
}

TEST_F(AnswerCacheTest, AWriteIsSeenAtOnce) {
  const std::string name = Create(1, true).name();
  for (const char* title : {"第二稿", "第三稿"}) {
    ASSERT_OK(AskFor(Reader(), name));
    ASSERT_OK(AskForList(Reader()));
    Retitle(name, title);
    ASSERT_OK_AND_ASSIGN(const v1::Article article, AskFor(Reader(), name));
    EXPECT_EQ(article.title(), title);
    ASSERT_OK_AND_ASSIGN(const v1::ListArticlesResponse list, AskForList(Reader()));
    EXPECT_EQ(list.articles(0).title(), title);
  }
  ASSERT_OK(AskForList(Reader()));
  EXPECT_TRUE(from_cache_);
  Create(2, true);
  ASSERT_OK_AND_ASSIGN(const v1::ListArticlesResponse list, AskForList(Reader()));
  EXPECT_EQ(list.articles_size(), 2);
}

TEST_F(AnswerCacheTest, WhatAnEditorWasToldIsNotToldToReaders) {
  const std::string draft = Create().name();
  ASSERT_OK(AskFor(Editor(), draft));
  ASSERT_OK(AskFor(Editor(), draft));
  EXPECT_TRUE(from_cache_);
  EXPECT_THAT(AskFor(Reader(), draft), FailsWith(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(AskFor(As("no such role"), draft),
              FailsWith(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  // Who may edit sees the same, whoever they are.
  ASSERT_OK(AskFor(Internal(), draft));
  EXPECT_TRUE(from_cache_);
}

TEST_F(AnswerCacheTest, AScheduledArticleComesAndGoesAtItsMoments) {
  Create(1, true);
  const std::string name = Create(2).name();
  Schedule(name);
  v1::BatchGetArticlesRequest batch;
  batch.add_names(name);
  const auto state = [&]() -> v1::ArticleState {
    const absl::StatusOr<v1::Article> article = AskFor(Editor(), name);
    EXPECT_OK(article);
    const auto several = Ask(&ReadHandlers::BatchGetArticles, Editor(), batch);
    EXPECT_OK(several);
    if (!article.ok() || !several.ok()) return v1::ARTICLE_STATE_UNSPECIFIED;
    EXPECT_EQ(several->articles(0).state(), article->state());
    return article->state();
  };
  const auto listed = [&] {
    const absl::StatusOr<v1::ListArticlesResponse> list = AskForList(Reader());
    EXPECT_OK(list);
    return list.ok() ? list->articles_size() : -1;
  };
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(state(), v1::SCHEDULED);
    EXPECT_EQ(from_cache_, i == 1);
    EXPECT_EQ(listed(), 1);
    EXPECT_EQ(from_cache_, i == 1);
  }
  clock_.Advance(absl::Minutes(10) - absl::Microseconds(1));
  EXPECT_EQ(state(), v1::SCHEDULED);
  EXPECT_TRUE(from_cache_);
  EXPECT_EQ(listed(), 1);
  EXPECT_TRUE(from_cache_);
  EXPECT_THAT(AskFor(Reader(), name), FailsWith(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  clock_.Advance(absl::Microseconds(1));
  // Nobody has written the step down, so nothing was committed.
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(state(), v1::PUBLISHED);
    EXPECT_OK(AskFor(Reader(), name));
    EXPECT_EQ(listed(), 2);
  }
  clock_.Advance(absl::Minutes(10));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(state(), v1::UNPUBLISHED);
    EXPECT_THAT(AskFor(Reader(), name),
                FailsWith(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
    EXPECT_EQ(listed(), 1);
  }
}

TEST_F(AnswerCacheTest, WhatIsPurgedIsGone) {
  const std::string name = Create(1, true).name();
  v1::DeleteArticleRequest remove;
  remove.set_name(name);
  ASSERT_OK(write_->DeleteArticle(Editor(), remove));
  ASSERT_OK(AskFor(Editor(), name));
  ASSERT_OK_AND_ASSIGN(const v1::Article deleted, AskFor(Editor(), name));
  EXPECT_TRUE(from_cache_);
  EXPECT_EQ(deleted.state(), v1::DELETED);
  clock_.Advance(absl::Hours(24 * 31));
  ASSERT_OK_AND_ASSIGN(const Upkeep done, store_->KeepUp(absl::Now() + absl::Seconds(20)));
  ASSERT_EQ(done.purged, 1);
  EXPECT_THAT(AskFor(Editor(), name), FailsWith(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
}

TEST_F(AnswerCacheTest, AWalkGoesOnBehindItsLastPageWhateverIsKept) {
  for (int i = 1; i <= 5; ++i) Create(i, true);
  v1::ListArticlesRequest request;
  request.set_page_size(2);
  ASSERT_OK_AND_ASSIGN(const v1::ListArticlesResponse first, AskForList(Reader(), request));
  request.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const v1::ListArticlesResponse second, AskForList(Reader(), request));
  ASSERT_OK_AND_ASSIGN(const v1::ListArticlesResponse again, AskForList(Reader(), request));
  EXPECT_TRUE(from_cache_);
  EXPECT_EQ(again.SerializeAsString(), second.SerializeAsString());
  const std::string gone = second.articles(0).name();
  v1::DeleteArticleRequest remove;
  remove.set_name(gone);
  ASSERT_OK(write_->DeleteArticle(Editor(), remove));
  ASSERT_OK_AND_ASSIGN(const v1::ListArticlesResponse later, AskForList(Reader(), request));
  EXPECT_FALSE(from_cache_);
  for (const v1::Article& article : later.articles()) EXPECT_NE(article.name(), gone);
}

TEST_F(AnswerCacheTest, WhatAnotherProcessCommitsEndsEveryAnswer) {
  Make({.shared = true});
  const std::string name = Create(1, true).name();
  ASSERT_OK(AskFor(Reader(), name));
  ASSERT_OK(AskFor(Reader(), name));
  EXPECT_TRUE(from_cache_);
  store_->change_signal().Announce(store_->change_signal().newest() + 1);
  ASSERT_OK(AskFor(Reader(), name));
  EXPECT_FALSE(from_cache_);
}

TEST_F(AnswerCacheTest, OverASharedDatabaseNothingIsKeptForLongAndNothingForEditors) {
  Make({.shared = true});
  const std::string name = Create(1, true).name();
  ASSERT_OK(AskFor(Reader(), name));
  clock_.Advance(AnswerCache::kLongestShared - absl::Microseconds(1));
  ASSERT_OK(AskFor(Reader(), name));
  EXPECT_TRUE(from_cache_);
  clock_.Advance(absl::Microseconds(1));
  ASSERT_OK(AskFor(Reader(), name));
  EXPECT_FALSE(from_cache_);
  for (const rpc::RequestContext& context : {Editor(), Internal()}) {
    ASSERT_OK(AskFor(context, name));
    ASSERT_OK(AskFor(context, name));
    EXPECT_FALSE(from_cache_);
  }
}

TEST_F(AnswerCacheTest, IsBounded) {
  constexpr size_t kBytes = 64 << 10;
  Make({.max_bytes = kBytes});
  std::vector<std::string> names;
  for (int i = 1; i <= 100; ++i) names.push_back(Create(i, true).name());
  v1::GetArticleRequest request;
  for (const std::string& name : names) {
    v1::Article large;
    large.add_tags(std::string(4000, 'x'));
    request.set_name(name);
    cache_->Keep('g', Reader(), request, large,
                 {.position = store_->change_signal().newest(), .until = absl::InfiniteFuture()},
                 clock_.Now());
  }
  EXPECT_TRUE(Kept(Reader(), request).has_value());
  request.set_name(names[0]);
  EXPECT_FALSE(Kept(Reader(), request).has_value());
  // A question that is too long is not kept, nor looked for.
  request.set_name(std::string(17 << 10, 'x'));
  cache_->Keep('g', Reader(), request, v1::Article(),
               {.position = store_->change_signal().newest(), .until = absl::InfiniteFuture()},
               clock_.Now());
  EXPECT_FALSE(Kept(Reader(), request).has_value());
}

}  // namespace
}  // namespace cityinfo::articles
