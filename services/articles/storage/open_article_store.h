#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "platform/base/clock.h"
#include "platform/database/open.h"
#include "services/articles/storage/request_ids.h"
#include "services/articles/storage/sql_article_store.h"

namespace cityinfo::articles {

struct ArticleStoreOptions {
  database::Options database;
  // See SqlArticleStore::Options for this and what follows.
  RequestIdLimits request_ids;
  absl::Duration deleted_retention = absl::Hours(24 * 30);
  absl::Duration change_retention = absl::Hours(24 * 90);
  const base::Clock* clock = nullptr;  // The system's, if not given.
};

// Opens the database that the options name, brings its schema up to date or checks it, and puts a
// store over it. The errors are written for operators: one line that names what is wrong.
absl::StatusOr<std::unique_ptr<SqlArticleStore>> OpenArticleStore(
    const ArticleStoreOptions& options);

}  // namespace cityinfo::articles
