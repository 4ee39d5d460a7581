#include "services/metrics/storage/database_clock.h"

#include <cstdint>

#include "platform/base/status_macros.h"

namespace cityinfo::metrics {

absl::StatusOr<absl::Time> DatabaseNow(sql::Connection& connection, const base::Clock& own) {
  if (connection.dialect() == sql::Dialect::kSqlite) return own.Now();
  CITY_ASSIGN_OR_RETURN(
      const std::int64_t micros,
      connection.QueryInt64(
          "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"));
  return absl::FromUnixMicros(micros);
}

}  // namespace cityinfo::metrics
