#include "services/articles/rpc/write_handlers.h"

#include "tests/unit/articles/handler_test.h"

namespace cityinfo::articles {
namespace {

using absl::StatusCode;

using WriteHandlersTest = HandlerTest;

TEST_F(WriteHandlersTest, ReadersMayNotWrite) {
  const v1::Article article = Create();
  v1::CreateArticleRequest create;
  *create.mutable_article() = SampleProto();
  EXPECT_THAT(write_->CreateArticle(Reader(), create),
              FailsWith(StatusCode::kPermissionDenied, "EDITOR_REQUIRED"));
  v1::PublishArticleRequest publish;
  publish.set_name(article.name());
  EXPECT_THAT(write_->PublishArticle(Reader(), publish),
              FailsWith(StatusCode::kPermissionDenied, "EDITOR_REQUIRED"));
  v1::UpdateArticleRequest update;
  update.mutable_article()->set_name(article.name());
  EXPECT_THAT(write_->UpdateArticle(Reader(), update),
              FailsWith(StatusCode::kPermissionDenied, "EDITOR_REQUIRED"));
}

TEST_F(WriteHandlersTest, CreateAnswersWithTheStoredArticle) {
  const v1::Article article = Create();
  EXPECT_EQ(article.state(), v1::DRAFT);
  EXPECT_EQ(article.revision(), 1);
  EXPECT_EQ(article.blocks(0).kind(), v1::Block::PARAGRAPH);
  EXPECT_FALSE(article.has_first_publish_time());
  ASSERT_OK_AND_ASSIGN(const v1::Article read, Get(Editor(), article.name()));
  EXPECT_EQ(read.SerializeAsString(), article.SerializeAsString());
}

TEST_F(WriteHandlersTest, CreateNamesTheFieldThatIsWrong) {
  v1::CreateArticleRequest request;
  EXPECT_THAT(write_->CreateArticle(Editor(), request), BlamesField("article"));
  *request.mutable_article() = SampleProto();
  request.mutable_article()->mutable_publish_date()->set_month(13);
  EXPECT_THAT(write_->CreateArticle(Editor(), request), BlamesField("article.publish_date"));
  *request.mutable_article() = SampleProto();
  request.mutable_article()->set_place("123456");
  EXPECT_THAT(write_->CreateArticle(Editor(), request), BlamesField("article.place"));
  *request.mutable_article() = SampleProto();
  request.set_request_id(std::string(65, 'x'));
  EXPECT_THAT(write_->CreateArticle(Editor(), request), BlamesField("request_id"));
}

TEST_F(WriteHandlersTest, ARequestIdMakesCreateSafeToRepeat) {
  v1::CreateArticleRequest request;
  *request.mutable_article() = SampleProto();
  request.set_request_id("once");
  ASSERT_OK_AND_ASSIGN(const v1::Article first, write_->CreateArticle(Editor(), request));
  ASSERT_OK_AND_ASSIGN(const v1::Article second, write_->CreateArticle(Editor(), request));
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  request.mutable_article()->set_title("另一篇");
  EXPECT_THAT(write_->CreateArticle(Editor(), request),
              FailsWith(StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
}

TEST_F(WriteHandlersTest, UpdateKeepsWhatTheMaskDoesNotName) {
  const v1::Article article = Create();
  v1::UpdateArticleRequest request;
  request.mutable_article()->set_name(article.name());
  request.mutable_article()->set_etag(article.etag());
  request.mutable_article()->set_title("新标题");
  request.mutable_article()->set_section("不该变");
  request.mutable_update_mask()->add_paths("title");
  ASSERT_OK_AND_ASSIGN(const v1::Article updated, write_->UpdateArticle(Editor(), request));
  EXPECT_EQ(updated.title(), "新标题");
  EXPECT_EQ(updated.section(), article.section());
  EXPECT_EQ(updated.revision(), 2);
  EXPECT_THAT(write_->UpdateArticle(Editor(), request),
              FailsWith(StatusCode::kAborted, "ETAG_MISMATCH"));
}

TEST_F(WriteHandlersTest, AnArticleGoesThroughItsLife) {
  const std::string name = Create().name();
  v1::PublishArticleRequest publish;
  publish.set_name(name);
  ASSERT_OK_AND_ASSIGN(v1::Article article, write_->PublishArticle(Editor(), publish));
  EXPECT_EQ(article.state(), v1::PUBLISHED);
  const auto first_publish = article.first_publish_time().seconds();
  clock_.Advance(absl::Hours(2));
  v1::UnpublishArticleRequest unpublish;
  unpublish.set_name(name);
  ASSERT_OK_AND_ASSIGN(article, write_->UnpublishArticle(Editor(), unpublish));
  EXPECT_EQ(article.state(), v1::UNPUBLISHED);
  v1::DeleteArticleRequest remove;
  remove.set_name(name);
  ASSERT_OK_AND_ASSIGN(article, write_->DeleteArticle(Editor(), remove));
  EXPECT_EQ(article.state(), v1::DELETED);
  EXPECT_THAT(write_->PublishArticle(Editor(), publish),
              FailsWith(StatusCode::kFailedPrecondition, "ARTICLE_DELETED"));
  v1::UndeleteArticleRequest undelete;
  undelete.set_name(name);
  ASSERT_OK_AND_ASSIGN(article, write_->UndeleteArticle(Editor(), undelete));
  EXPECT_EQ(article.state(), v1::UNPUBLISHED);
  EXPECT_EQ(article.first_publish_time().seconds(), first_publish);
}

TEST_F(WriteHandlersTest, RollbackNeedsARevision) {
  const std::string name = Create().name();
  v1::RollbackArticleRequest request;
  request.set_name(name);
  EXPECT_THAT(write_->RollbackArticle(Editor(), request), BlamesField("revision"));
  request.set_revision(7);
  EXPECT_THAT(write_->RollbackArticle(Editor(), request),
              FailsWith(StatusCode::kNotFound, "REVISION_NOT_FOUND"));
}

}  // namespace
}  // namespace cityinfo::articles
