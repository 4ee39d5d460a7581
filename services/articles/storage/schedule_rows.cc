#include "services/articles/storage/schedule_rows.h"

#include "platform/base/status_macros.h"

namespace cityinfo::articles {

absl::StatusOr<absl::Time> ReadNextMoment(sql::Connection& connection) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement statement,
      connection.Prepare("SELECT min(next_time) FROM articles WHERE next_time IS NOT NULL"));
  CITY_RETURN_IF_ERROR(statement.Step().status());
  if (statement.ColumnIsNull(0)) return absl::InfiniteFuture();
  return absl::FromUnixMicros(statement.ColumnInt64(0));
}

absl::StatusOr<std::vector<std::string>> ReadDue(sql::Connection& connection, absl::Time now,
                                                 int limit) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement statement,
      connection.Prepare(
          "SELECT id FROM articles WHERE next_time <= ? ORDER BY next_time, seq LIMIT ?"));
  statement.BindAll(absl::ToUnixMicros(now), limit);
  std::vector<std::string> ids;
  CITY_RETURN_IF_ERROR(
      statement.ForEach([&](sql::Statement& row) { ids.push_back(row.ColumnString(0)); }));
  return ids;
}

}  // namespace cityinfo::articles
