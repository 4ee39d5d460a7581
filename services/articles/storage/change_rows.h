#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/articles/domain/article.h"
#include "services/articles/domain/article_store.h"

// The change feed as rows. Positions are given under the database's write lock and become visible
// with their transaction, so they have no gaps and their order is the commit order.
namespace cityinfo::articles {

// The position of the newest change; 0 when there is none.
absl::StatusOr<int64_t> LastChangePosition(sql::Connection& connection);

// Appends the article as it stands and returns the position.
absl::StatusOr<int64_t> AppendChange(sql::Connection& connection, const Article& article,
                                     absl::Time now);

// See ArticleStore::ReadChanges; an `after` beyond the end is not an error here.
absl::StatusOr<std::vector<ArticleChange>> ReadChangesAfter(sql::Connection& connection,
                                                            int64_t after,
                                                            const ChangeLimits& limits);

}  // namespace cityinfo::articles
