#include <utility>

#include "services/articles/storage/open_article_store.h"
#include "tests/contract/article_store/store_contract.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::articles {
namespace {

class SqliteUnderTest final : public StoreUnderTest {
 public:
  explicit SqliteUnderTest(const base::Clock& clock) : clock_(clock) { Reopen(); }

  bool ready() const override { return store_ != nullptr; }
  ArticleStore& store() override { return *store_; }

  void Reopen() override {
    store_.reset();
    absl::StatusOr<std::unique_ptr<ArticleStore>> store =
        OpenArticleStore({.database = {.store = "sqlite:" + dir_.File("articles.db"),
                                       .synchronous = sqlite::Synchronous::kNormal},
                          .clock = &clock_});
    if (!store.ok()) {
      ADD_FAILURE() << base::ErrorText(store.status());
      return;
    }
    store_ = *std::move(store);
  }

 private:
  const base::Clock& clock_;
  testing::TempDir dir_;
  std::unique_ptr<ArticleStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, ArticleStoreContract,
                         ::testing::Values(StoreBackend{
                             .name = "sqlite", .make = [](const base::Clock& clock) {
                               return std::make_unique<SqliteUnderTest>(clock);
                             }}));

}  // namespace
}  // namespace cityinfo::articles
