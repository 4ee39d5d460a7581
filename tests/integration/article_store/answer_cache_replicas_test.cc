#include <memory>
#include <optional>
#include <string>

#include "platform/telemetry/metrics.h"
#include "services/articles/rpc/answer_cache.h"
#include "services/articles/rpc/read_handlers.h"
#include "services/articles/storage/sql_article_store.h"
#include "tests/integration/article_store/postgres_city.h"
#include "tests/support/wait_until.h"

namespace cityinfo::articles {
namespace {

// Two replicas over one PostgreSQL; answers are kept by the second.
class AnswerCacheReplicas : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::PostgresServer* server = SharedServer();
    ASSERT_NE(server, nullptr);
    ASSERT_OK_AND_ASSIGN(const std::string url, server->NewDatabase("answers"));
    writer_ = OpenReplica(url);
    store_ = OpenReplica(url);
    ASSERT_NE(writer_, nullptr);
    ASSERT_NE(store_, nullptr);
    read_ = std::make_unique<ReadHandlers>(*store_);
    cache_ = std::make_unique<AnswerCache>(store_->change_signal(), metrics_,
                                           AnswerCache::Options{.shared = true});
  }

  // The article's title as the second replica tells it.
  std::string Title(const std::string& id, const std::string& role) {
    rpc::RequestContext context;
    context.deadline = Soon();
    context.role = role;
    v1::GetArticleRequest request;
    request.set_name("articles/" + id);
    std::optional<rpc::SharedBytes> bytes =
        cache_->Find('g', context, rpc::ToByteBuffer(request.SerializeAsString()));
    from_cache_ = bytes.has_value();
    if (!bytes) {
      const absl::Time begun = cache_->Now();
      Standing standing;
      const absl::StatusOr<v1::Article> article = read_->GetArticle(context, request, &standing);
      EXPECT_OK(article);
      if (!article.ok()) return "";
      bytes = cache_->Keep('g', context, request, *article, standing, begun);
    }
    v1::Article article;
    EXPECT_TRUE(article.ParseFromString(**bytes));
    return article.title();
  }
  void Retitle(const std::string& id, const std::string& title) {
    ASSERT_OK(writer_->Update({.id = id, .patch = {.title = title}}, Soon()));
  }

  telemetry::Metrics metrics_;
  std::unique_ptr<ArticleStore> writer_;
  std::unique_ptr<ArticleStore> store_;
  std::unique_ptr<ReadHandlers> read_;
  std::unique_ptr<AnswerCache> cache_;
  bool from_cache_ = false;
};

TEST_F(AnswerCacheReplicas, TheStoreSaysThatItIsShared) {
  const auto* store = dynamic_cast<const SqlArticleStore*>(store_.get());
  ASSERT_NE(store, nullptr);
  EXPECT_TRUE(store->is_shared());
}

TEST_F(AnswerCacheReplicas, ReadersSoonSeeWhatAnotherReplicaHasWrittenAndEditorsAtOnce) {
  const Article article = Publish(*writer_, 1);
  for (int i = 0; i < 20; ++i) {
    (void)Title(article.id, "reader");
    const std::string title = "第" + std::to_string(i) + "稿";
    Retitle(article.id, title);
    EXPECT_EQ(Title(article.id, "editor"), title);
    EXPECT_FALSE(from_cache_);
    EXPECT_TRUE(testing::WaitUntil([&] { return Title(article.id, "reader") == title; }));
  }
}

}  // namespace
}  // namespace cityinfo::articles
