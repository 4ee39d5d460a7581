#include "services/articles/storage/open_article_store.h"

#include <utility>

#include "platform/base/status_macros.h"
#include "services/articles/storage/schema.h"

namespace cityinfo::articles {

absl::StatusOr<std::unique_ptr<SqlArticleStore>> OpenArticleStore(
    const ArticleStoreOptions& options) {
  CITY_ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database,
                        database::Open(options.database, {.name = "articles",
                                                          .sqlite = SqliteMigrations(),
                                                          .postgres = PostgresMigrations()}));
  return SqlArticleStore::Over(std::move(database), {.request_ids = options.request_ids,
                                                     .deleted_retention = options.deleted_retention,
                                                     .change_retention = options.change_retention,
                                                     .clock = options.clock});
}

}  // namespace cityinfo::articles
