#include <string>
#include <utility>

#include "services/articles/storage/open_article_store.h"
#include "tests/contract/article_store/store_contract.h"
#include "tests/support/postgres_server.h"

namespace cityinfo::articles {
namespace {

// One server for all tests of the binary, started by the first that needs it.
class SharedServer final : public ::testing::Environment {
 public:
  static absl::StatusOr<testing::PostgresServer*> Get() {
    if (server_ == nullptr) {
      absl::StatusOr<std::unique_ptr<testing::PostgresServer>> server =
          testing::PostgresServer::Start();
      if (!server.ok()) return server.status();
      server_ = server->release();
    }
    return server_;
  }
  void TearDown() override {
    delete server_;
    server_ = nullptr;
  }

 private:
  static inline testing::PostgresServer* server_ = nullptr;
};

const ::testing::Environment* const kSharedServer =
    ::testing::AddGlobalTestEnvironment(new SharedServer);

// A database of its own on the shared server.
class PostgresUnderTest final : public StoreUnderTest {
 public:
  explicit PostgresUnderTest(const base::Clock& clock) : clock_(clock) {
    absl::StatusOr<testing::PostgresServer*> server = SharedServer::Get();
    EXPECT_OK(server);
    if (!server.ok()) return;
    absl::StatusOr<std::string> url = (*server)->NewDatabase("articles");
    EXPECT_OK(url);
    if (!url.ok()) return;
    url_ = *std::move(url);
    Reopen();
  }

  bool ready() const override { return store_ != nullptr; }
  ArticleStore& store() override { return *store_; }

  void Reopen() override {
    store_.reset();
    absl::StatusOr<std::unique_ptr<ArticleStore>> store =
        OpenArticleStore({.database = {.store = url_}, .clock = &clock_});
    if (!store.ok()) {
      ADD_FAILURE() << base::ErrorText(store.status());
      return;
    }
    store_ = *std::move(store);
  }

 private:
  const base::Clock& clock_;
  std::string url_;
  std::unique_ptr<ArticleStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Postgres, ArticleStoreContract,
                         ::testing::Values(StoreBackend{
                             .name = "postgres", .make = [](const base::Clock& clock) {
                               return std::make_unique<PostgresUnderTest>(clock);
                             }}));

}  // namespace
}  // namespace cityinfo::articles
