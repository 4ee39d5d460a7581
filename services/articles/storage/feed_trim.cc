#include "services/articles/storage/feed_trim.h"

#include <algorithm>
#include <cstdint>

#include "platform/base/status_macros.h"

namespace cityinfo::articles {
namespace {

// How far the feed may be looked at now.
struct OldChanges {
  int64_t looked_to = 0;
  int64_t to = 0;  // looked_to when there are none.
  bool more = false;
};

absl::StatusOr<OldChanges> FindOld(sql::Connection& connection, absl::Time before, int limit) {
  OldChanges old;
  CITY_ASSIGN_OR_RETURN(old.looked_to, connection.QueryInt64("SELECT looked_to FROM feed_trim"));
  old.to = old.looked_to;
  CITY_ASSIGN_OR_RETURN(
      sql::Statement statement,
      connection.Prepare("SELECT position, commit_time FROM changes WHERE position > ? "
                         "ORDER BY position LIMIT ?"));
  statement.BindAll(old.looked_to, limit);
  int found = 0;
  for (;;) {
    CITY_ASSIGN_OR_RETURN(const bool there, statement.Step());
    if (!there || statement.ColumnInt64(1) >= absl::ToUnixMicros(before)) break;
    old.to = statement.ColumnInt64(0);
    ++found;
  }
  old.more = found == limit;
  return old;
}

}  // namespace

absl::StatusOr<bool> FeedHasOld(sql::Connection& connection, absl::Time before) {
  CITY_ASSIGN_OR_RETURN(const OldChanges old, FindOld(connection, before, 1));
  return old.to > old.looked_to;
}

absl::StatusOr<FeedTrim> TrimFeed(sql::Connection& connection, absl::Time before, int limit) {
  CITY_ASSIGN_OR_RETURN(const OldChanges old, FindOld(connection, before, limit));
  if (old.to == old.looked_to) return FeedTrim();
  FeedTrim trim{.more = old.more};
  int64_t floor = 0;
  {
    CITY_ASSIGN_OR_RETURN(
        sql::Statement statement,
        connection.Prepare(
            "DELETE FROM changes WHERE position IN (SELECT c.position FROM changes n "
            "CROSS JOIN changes c WHERE n.position > ? AND n.position <= ? "
            "AND c.article_seq = n.article_seq AND c.position < n.position) "
            "RETURNING position"));
    statement.BindAll(old.looked_to, old.to);
    CITY_RETURN_IF_ERROR(statement.ForEach([&](sql::Statement& row) {
      floor = std::max(floor, row.ColumnInt64(0));
      ++trim.trimmed;
    }));
  }
  CITY_RETURN_IF_ERROR(connection.Run(
      "UPDATE feed_trim SET looked_to = ?1, floor = CASE WHEN floor < ?2 THEN ?2 ELSE floor END",
      old.to, floor));
  return trim;
}

}  // namespace cityinfo::articles
