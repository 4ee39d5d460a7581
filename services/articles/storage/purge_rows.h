#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/articles/domain/article.h"

// Deleted articles whose time is over, removed for good.
namespace cityinfo::articles {

// Articles that were deleted at `deleted_by` or earlier, the earliest first: id, sequence, version
// and source_page of each.
absl::StatusOr<std::vector<Article>> ReadPurgeable(sql::Connection& connection,
                                                   absl::Time deleted_by, int limit);

// Removes the article, its tags, all its revisions, and the page it was cut from when it was the
// last of it. Its changes in the feed are AppendPurge's.
absl::Status RemoveArticle(sql::Connection& connection, const Article& article);

}  // namespace cityinfo::articles
