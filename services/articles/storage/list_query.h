#pragma once

#include "absl/status/statusor.h"
#include "platform/sql/connection.h"
#include "services/articles/domain/article_filter.h"

namespace cityinfo::articles {

// Runs a list of articles: see ArticleStore::List.
absl::StatusOr<ArticlePage> RunList(sql::Connection& connection, const ArticleFilter& filter,
                                    const ListWindow& window, ArticleView view);

}  // namespace cityinfo::articles
