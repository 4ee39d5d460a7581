#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"

// Letting old changes go. The feed is walked once, from its beginning, as it grows old: whatever
// the change at hand replaced goes, the change itself stays until a newer one of its article grows
// old. So a change stays at least for the retention after it was replaced, and the newest of each
// article for ever.
namespace cityinfo::articles {

// Whether there are changes older than `before` that have not been looked at yet.
absl::StatusOr<bool> FeedHasOld(sql::Connection& connection, absl::Time before);

struct FeedTrim {
  int trimmed = 0;
  bool more = false;  // The bound was reached.
};

// Looks at the next changes older than `before`, `limit` at most.
absl::StatusOr<FeedTrim> TrimFeed(sql::Connection& connection, absl::Time before, int limit);

}  // namespace cityinfo::articles
