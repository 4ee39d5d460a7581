#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "platform/base/clock.h"
#include "platform/base/error.h"
#include "platform/rpc/request_context.h"
#include "services/articles/rpc/read_handlers.h"
#include "services/articles/rpc/write_handlers.h"
#include "services/articles/storage/open_article_store.h"
#include "tests/contract/article_store/sample_content.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::articles {

// Handlers over a real store, called as plain functions.
class HandlerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = OpenArticleStore({.database = {.store = "sqlite:" + dir_.File("articles.db"),
                                                .synchronous = sqlite::Synchronous::kNormal},
                                   .clock = &clock_});
    ASSERT_OK(store);
    store_ = *std::move(store);
    read_ = std::make_unique<ReadHandlers>(*store_);
    write_ = std::make_unique<WriteHandlers>(*store_);
  }

  static rpc::RequestContext As(const std::string& role) {
    rpc::RequestContext context;
    context.deadline = absl::Now() + absl::Seconds(20);
    context.principal = role.empty() ? "" : "someone";
    context.role = role;
    return context;
  }
  static rpc::RequestContext Editor() { return As("editor"); }
  static rpc::RequestContext Reader() { return As("reader"); }
  static rpc::RequestContext Internal() { return As(""); }

  static v1::Article SampleProto(int number = 1) {
    v1::Article article;
    article.set_title("第" + std::to_string(number) + "座桥");
    article.set_publication("样例晚报");
    article.mutable_publish_date()->set_year(2021);
    article.mutable_publish_date()->set_month(12);
    article.mutable_publish_date()->set_day(20);
    article.set_place("522601");
    article.set_section("综合新闻");
    article.add_tags("交通");
    article.add_blocks()->set_text("步道桥今天通行。");
    return article;
  }

  v1::Article Create(int number = 1, bool publish = false) {
    v1::CreateArticleRequest request;
    *request.mutable_article() = SampleProto(number);
    request.set_publish(publish);
    auto article = write_->CreateArticle(Editor(), request);
    EXPECT_OK(article);
    return article.ok() ? *article : v1::Article();
  }

  absl::StatusOr<v1::Article> Get(const rpc::RequestContext& context, const std::string& name,
                                  int64_t revision = 0) {
    v1::GetArticleRequest request;
    request.set_name(name);
    request.set_revision(revision);
    return read_->GetArticle(context, request);
  }

  base::FakeClock clock_;
  testing::TempDir dir_;
  std::unique_ptr<ArticleStore> store_;
  std::unique_ptr<ReadHandlers> read_;
  std::unique_ptr<WriteHandlers> write_;
};

// EXPECT_THAT(result, FailsWith(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
MATCHER_P2(FailsWith, code, reason, "") {
  const absl::Status& status = testing::StatusOf(arg);
  *result_listener << "which is " << base::ErrorText(status);
  return status.code() == code && base::ErrorReason(status) == reason;
}

// EXPECT_THAT(result, BlamesField("page_size"));
MATCHER_P(BlamesField, field, "") {
  const absl::Status& status = testing::StatusOf(arg);
  *result_listener << "which is " << base::ErrorText(status);
  const std::vector<base::FieldViolation> violations = base::FieldViolations(status);
  return absl::IsInvalidArgument(status) && violations.size() == 1 && violations[0].field == field;
}

}  // namespace cityinfo::articles
