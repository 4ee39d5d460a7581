#pragma once

#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"
#include "platform/sql/connection.h"
#include "services/articles/domain/article.h"
#include "services/articles/storage/request_ids.h"

namespace cityinfo::articles {

// A write under way. It may be broken off and run anew, so it keeps its effects to the transaction
// and to itself.
struct Write {
  sql::Connection& connection;  // In its write transaction.
  absl::Time now;               // The moment it counts as, in stored precision.
  const base::Clock& clock;     // For new ids.
  int64_t last_position = 0;    // Of the last change it appended; 0: none.

  // Appends the articles to the feed as they stand, in their order.
  absl::Status Append(std::span<const Article> articles);
  absl::Status Append(const Article& article) { return Append({&article, 1}); }

  // Stores where an article stands in its life after a change of it, and appends that change.
  absl::Status StoreState(const Article& article);

  // The article as it stands now, its newest revision. What was due and not written down yet is,
  // each step as a change of its own. NOT_FOUND.
  absl::StatusOr<Article> ReadSettled(absl::string_view id, ArticleView view);
};

// Times are stored in microseconds; an answer must not say more than the next one will.
absl::Time ToStoredPrecision(absl::Time time);

}  // namespace cityinfo::articles
