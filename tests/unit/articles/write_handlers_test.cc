#include "services/articles/rpc/write_handlers.h"

#include <functional>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/articles/rpc/conversion.h"
#include "tests/unit/articles/handler_test.h"

namespace cityinfo::articles {
namespace {

using absl::StatusCode;

class WriteHandlersTest : public HandlerTest {
 protected:
  absl::StatusOr<v1::Article> Publish(const std::string& name,
                                      std::optional<absl::Duration> publish_in,
                                      std::optional<absl::Duration> unpublish_in = {}) {
    v1::PublishArticleRequest request;
    request.set_name(name);
    if (publish_in) ToProto(clock_.Now() + *publish_in, request.mutable_publish_time());
    if (unpublish_in) ToProto(clock_.Now() + *unpublish_in, request.mutable_unpublish_time());
    return write_->PublishArticle(Editor(), request);
  }
  absl::StatusOr<v1::Article> Unpublish(const std::string& name,
                                        std::optional<absl::Duration> in = {}) {
    v1::UnpublishArticleRequest request;
    request.set_name(name);
    if (in) ToProto(clock_.Now() + *in, request.mutable_unpublish_time());
    return write_->UnpublishArticle(Editor(), request);
  }

  // Every method that changes an article, on the article of this name.
  std::vector<std::function<absl::StatusOr<v1::Article>(const std::string& request_id)>> Writes(
      const std::string& name) {
    const auto with = [](auto request, const std::string& request_id) {
      request.set_request_id(request_id);
      return request;
    };
    v1::CreateArticleRequest create;
    *create.mutable_article() = SampleProto();
    v1::UpdateArticleRequest update;
    update.mutable_article()->set_name(name);
    update.mutable_article()->set_title("新标题");
    v1::RollbackArticleRequest rollback;
    rollback.set_name(name);
    rollback.set_revision(1);
    v1::PublishArticleRequest publish;
    publish.set_name(name);
    v1::UnpublishArticleRequest unpublish;
    unpublish.set_name(name);
    v1::DeleteArticleRequest remove;
    remove.set_name(name);
    v1::UndeleteArticleRequest undelete;
    undelete.set_name(name);
    return {
        [=, this](const auto& id) { return write_->CreateArticle(Editor(), with(create, id)); },
        [=, this](const auto& id) { return write_->UpdateArticle(Editor(), with(update, id)); },
        [=, this](const auto& id) { return write_->RollbackArticle(Editor(), with(rollback, id)); },
        [=, this](const auto& id) { return write_->PublishArticle(Editor(), with(publish, id)); },
        [=, this](const auto& id) {
          return write_->UnpublishArticle(Editor(), with(unpublish, id));
        },
        [=, this](const auto& id) { return write_->DeleteArticle(Editor(), with(remove, id)); },
        [=, this](const auto& id) { return write_->UndeleteArticle(Editor(), with(undelete, id)); },
    };
  }
};

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

TEST_F(WriteHandlersTest, EveryWriteTakesARequestId) {
  const auto writes = Writes(Create().name());
  for (size_t i = 0; i < writes.size(); ++i) {
    EXPECT_THAT(writes[i](std::string(65, 'x')), BlamesField("request_id")) << i;
    EXPECT_THAT(writes[i]("line\nbreak"), BlamesField("request_id")) << i;
    const std::string id = absl::StrCat("write-", i);
    ASSERT_OK_AND_ASSIGN(const v1::Article first, writes[i](id));
    ASSERT_OK_AND_ASSIGN(const v1::Article again, writes[i](id));
    EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString()) << i;
    EXPECT_THAT(writes[(i + 1) % writes.size()](id),
                FailsWith(StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"))
        << i;
  }
}

TEST_F(WriteHandlersTest, AScheduledArticleIsPublicFromItsMomentOn) {
  const std::string name = Create().name();
  ASSERT_OK_AND_ASSIGN(const v1::Article scheduled, Publish(name, absl::Hours(1), absl::Hours(2)));
  EXPECT_EQ(scheduled.state(), v1::SCHEDULED);
  EXPECT_EQ(scheduled.publish_time().seconds(), absl::ToUnixSeconds(clock_.Now() + absl::Hours(1)));
  EXPECT_EQ(scheduled.unpublish_time().seconds(),
            absl::ToUnixSeconds(clock_.Now() + absl::Hours(2)));
  EXPECT_FALSE(scheduled.has_first_publish_time());
  EXPECT_THAT(Get(Reader(), name), FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));

  clock_.Advance(absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const v1::Article published, Get(Reader(), name));
  EXPECT_EQ(published.state(), v1::PUBLISHED);
  EXPECT_FALSE(published.has_publish_time());
  EXPECT_EQ(published.first_publish_time().seconds(), scheduled.publish_time().seconds());
  EXPECT_EQ(published.unpublish_time().seconds(), scheduled.unpublish_time().seconds());
  EXPECT_NE(published.etag(), scheduled.etag());

  clock_.Advance(absl::Hours(1));
  EXPECT_THAT(Get(Reader(), name), FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  ASSERT_OK_AND_ASSIGN(const v1::Article taken_back, Get(Editor(), name));
  EXPECT_EQ(taken_back.state(), v1::UNPUBLISHED);
  EXPECT_FALSE(taken_back.has_unpublish_time());
  EXPECT_EQ(taken_back.first_publish_time().seconds(), scheduled.publish_time().seconds());
}

TEST_F(WriteHandlersTest, UnpublishingCanBeScheduledAndASchedulingUndone) {
  const std::string name = Create().name();
  ASSERT_OK(Publish(name, absl::Hours(1)));
  ASSERT_OK_AND_ASSIGN(v1::Article article, Unpublish(name));
  EXPECT_EQ(article.state(), v1::DRAFT);
  EXPECT_FALSE(article.has_publish_time());
  ASSERT_OK(Publish(name, {}));
  ASSERT_OK_AND_ASSIGN(article, Unpublish(name, absl::Minutes(5)));
  EXPECT_EQ(article.state(), v1::PUBLISHED);
  EXPECT_TRUE(article.has_unpublish_time());
  clock_.Advance(absl::Minutes(5));
  EXPECT_THAT(Get(Reader(), name), FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
}

TEST_F(WriteHandlersTest, MomentsAreChecked) {
  const std::string name = Create().name();
  EXPECT_THAT(Publish(name, -absl::Seconds(1)), BlamesField("publish_time"));
  EXPECT_THAT(Publish(name, -absl::Seconds(1)),
              FailsWith(StatusCode::kInvalidArgument, "TIME_IN_THE_PAST"));
  EXPECT_THAT(Publish(name, {}, -absl::Seconds(1)), BlamesField("unpublish_time"));
  EXPECT_THAT(Publish(name, absl::Hours(2), absl::Hours(1)),
              FailsWith(StatusCode::kInvalidArgument, "TIMES_OUT_OF_ORDER"));
  v1::PublishArticleRequest publish;
  publish.set_name(name);
  publish.mutable_publish_time()->set_seconds(1'000'000'000'000);
  EXPECT_THAT(write_->PublishArticle(Editor(), publish), BlamesField("publish_time"));
  publish.clear_publish_time();
  publish.mutable_unpublish_time()->set_nanos(-1);
  EXPECT_THAT(write_->PublishArticle(Editor(), publish), BlamesField("unpublish_time"));
  v1::UnpublishArticleRequest unpublish;
  unpublish.set_name(name);
  unpublish.mutable_unpublish_time()->set_seconds(-1'000'000'000'000);
  EXPECT_THAT(write_->UnpublishArticle(Editor(), unpublish), BlamesField("unpublish_time"));
  EXPECT_THAT(Unpublish(name), FailsWith(StatusCode::kFailedPrecondition, "ARTICLE_NOT_PUBLISHED"));
  ASSERT_OK(Publish(name, {}));
  EXPECT_THAT(Publish(name, absl::Hours(1)),
              FailsWith(StatusCode::kFailedPrecondition, "ALREADY_PUBLISHED"));
}

TEST_F(WriteHandlersTest, PublishingTwiceChangesNothing) {
  const std::string name = Create().name();
  ASSERT_OK_AND_ASSIGN(const v1::Article first, Publish(name, {}));
  clock_.Advance(absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const v1::Article second, Publish(name, {}));
  EXPECT_EQ(second.SerializeAsString(), first.SerializeAsString());
}

TEST_F(WriteHandlersTest, ADeletedArticleSaysWhenItGoes) {
  const std::string name = Create(1, /*publish=*/true).name();
  v1::DeleteArticleRequest remove;
  remove.set_name(name);
  ASSERT_OK(write_->DeleteArticle(Editor(), remove));
  EXPECT_THAT(Get(Reader(), name), FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  ASSERT_OK_AND_ASSIGN(const v1::Article deleted, Get(Editor(), name));
  EXPECT_EQ(deleted.state(), v1::DELETED);
  EXPECT_EQ(deleted.delete_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  EXPECT_EQ(deleted.purge_time().seconds(),
            absl::ToUnixSeconds(clock_.Now() + absl::Hours(30 * 24)));

  v1::UpdateArticleRequest update;
  update.mutable_article()->set_name(name);
  update.mutable_article()->set_title("改不了");
  EXPECT_THAT(write_->UpdateArticle(Editor(), update),
              FailsWith(StatusCode::kFailedPrecondition, "ARTICLE_DELETED"));
  v1::RollbackArticleRequest rollback;
  rollback.set_name(name);
  rollback.set_revision(1);
  EXPECT_THAT(write_->RollbackArticle(Editor(), rollback),
              FailsWith(StatusCode::kFailedPrecondition, "ARTICLE_DELETED"));
  v1::UndeleteArticleRequest undelete;
  undelete.set_name(name);
  ASSERT_OK_AND_ASSIGN(const v1::Article back, write_->UndeleteArticle(Editor(), undelete));
  EXPECT_FALSE(back.has_delete_time());
  EXPECT_FALSE(back.has_purge_time());
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
