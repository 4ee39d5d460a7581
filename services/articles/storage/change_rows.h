#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/articles/domain/article.h"
#include "services/articles/domain/article_store.h"

// The change feed as rows. Positions are given under the database's write lock, one after the
// other, and become visible with their transaction, so their order is the commit order. The newest
// change of an article never goes, so neither does the newest of all; older ones may, see
// feed_trim.h.
namespace cityinfo::articles {

// The position of the newest change; 0 when there is none.
absl::StatusOr<int64_t> LastChangePosition(sql::Connection& connection);

// The position of the newest change of one article that is not purged.
absl::StatusOr<int64_t> LastChangeOf(sql::Connection& connection, int64_t sequence);

// Appends the articles as they stand, in their order, and returns the position of the last. None:
// the newest position.
absl::StatusOr<int64_t> AppendChanges(sql::Connection& connection,
                                      std::span<const Article> articles, absl::Time now);

// Appends that an article (id, sequence, version) is removed for good and takes its other changes
// out; returns the position.
absl::StatusOr<int64_t> AppendPurge(sql::Connection& connection, const Article& article,
                                    absl::Time now);

// See ArticleStore::ReadChanges, OUT_OF_RANGE too; an `after` beyond the end is not an error here.
absl::StatusOr<std::vector<ArticleChange>> ReadChangesAfter(sql::Connection& connection,
                                                            int64_t after,
                                                            const ChangeLimits& limits);

// The article as it stood after the change at `position`; nothing when that has left the feed.
absl::StatusOr<std::optional<Article>> ReadChangedArticle(sql::Connection& connection,
                                                          int64_t position);

}  // namespace cityinfo::articles
