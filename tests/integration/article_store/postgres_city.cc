#include "tests/integration/article_store/postgres_city.h"

#include "services/articles/storage/open_article_store.h"

namespace cityinfo::articles {
namespace {

std::unique_ptr<testing::PostgresServer>& ServerSlot() {
  static auto* const slot = new std::unique_ptr<testing::PostgresServer>;
  return *slot;
}

class EndServer final : public ::testing::Environment {
 public:
  void TearDown() override { ServerSlot().reset(); }
};

const ::testing::Environment* const kEndServer = ::testing::AddGlobalTestEnvironment(new EndServer);

}  // namespace

testing::PostgresServer* SharedServer() {
  std::unique_ptr<testing::PostgresServer>& slot = ServerSlot();
  if (slot == nullptr) {
    auto server = testing::PostgresServer::Start();
    EXPECT_OK(server);
    if (server.ok()) slot = *std::move(server);
  }
  return slot.get();
}

std::unique_ptr<ArticleStore> OpenReplica(const std::string& url, const std::string& standby) {
  auto store = OpenArticleStore({.database = {.store = url, .standby = standby, .connections = 6}});
  EXPECT_TRUE(store.ok()) << base::ErrorText(store.status());
  return store.ok() ? *std::move(store) : nullptr;
}

Article Publish(ArticleStore& store, int number) {
  absl::StatusOr<Article> article =
      store.Create({.content = SampleContent(number), .publish = true}, Soon());
  EXPECT_OK(article);
  return article.ok() ? *article : Article{};
}

PageImport SamplePage(int number, int articles) {
  PageImport page{.text = absl::StrCat("第", number, "页\n"),
                  .publication = "样例晚报",
                  .publish_date = {.year = 2021, .month = 12, .day = 20},
                  .label = "A2",
                  .place = "522601",
                  .publish = true};
  for (int i = 1; i <= articles; ++i) page.articles.push_back(SampleContent(number * 1000 + i));
  return page;
}

}  // namespace cityinfo::articles
