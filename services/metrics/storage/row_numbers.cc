#include "services/metrics/storage/row_numbers.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status_macros.h"

namespace cityinfo::metrics {

absl::StatusOr<std::int64_t> DrawRowNumbers(sql::Connection& connection, absl::string_view table,
                                            absl::string_view column, std::int64_t count) {
  if (connection.dialect() == sql::Dialect::kSqlite) {
    return connection.QueryInt64(
        absl::StrCat("SELECT coalesce(max(", column, "), 0) + 1 FROM ", table));
  }
  // Only writers draw, one transaction at a time, so nobody comes in between.
  const std::string sequence =
      absl::StrCat("pg_get_serial_sequence('", table, "', '", column, "')");
  CITY_ASSIGN_OR_RETURN(const std::int64_t last,
                        connection.QueryInt64(absl::StrCat("SELECT setval(", sequence, ", nextval(",
                                                           sequence, ") + CAST(? AS BIGINT) - 1)"),
                                              count));
  return last - count + 1;
}

}  // namespace cityinfo::metrics
