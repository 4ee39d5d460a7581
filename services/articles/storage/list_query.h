#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/articles/domain/article_filter.h"

namespace cityinfo::articles {

// Runs a list of articles as they stand at `now`: see ArticleStore::List. The articles come as they
// are stored.
//
// Lists stream from an index that begins with the stored state. The few articles whose moment has
// come and is not written down yet stand there in the wrong place, so they are left out and, when
// there are any, asked for by themselves and merged in.
absl::StatusOr<ArticlePage> RunList(sql::Connection& connection, const ArticleFilter& filter,
                                    const ListWindow& window, ArticleView view, absl::Time now);

}  // namespace cityinfo::articles
