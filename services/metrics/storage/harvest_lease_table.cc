#include "services/metrics/storage/harvest_lease_table.h"

#include <cstdint>

#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/sql/run_transaction.h"
#include "services/metrics/storage/database_clock.h"
#include "services/metrics/storage/schema.h"

namespace cityinfo::metrics {
namespace {

// Whether the lease may be taken at `now`. One that lasts longer than any is given for was given by
// a clock that has jumped back since.
absl::StatusOr<bool> IsFree(sql::Connection& connection, absl::Time now, absl::Duration ttl) {
  CITY_ASSIGN_OR_RETURN(const std::int64_t expires_at,
                        connection.QueryInt64("SELECT expires_at FROM harvest_lease"));
  return expires_at <= ToStored(now) || expires_at > ToStored(now + ttl);
}

}  // namespace

absl::StatusOr<std::optional<HarvestLease>> HarvestLeaseTable::Acquire(absl::string_view holder,
                                                                       absl::Duration ttl,
                                                                       absl::Time deadline) {
  {
    // Those who wait ask often; a look costs the writers nothing.
    CITY_ASSIGN_OR_RETURN(sql::Lease reader, database_.Read(deadline));
    CITY_ASSIGN_OR_RETURN(const absl::Time now, DatabaseNow(*reader, clock_));
    CITY_ASSIGN_OR_RETURN(const bool free, IsFree(*reader, now, ttl));
    if (!free) return std::nullopt;
  }
  return sql::InWrite(
      database_, deadline,
      [&](sql::Connection& connection) -> absl::StatusOr<std::optional<HarvestLease>> {
        CITY_ASSIGN_OR_RETURN(const absl::Time now, DatabaseNow(connection, clock_));
        CITY_ASSIGN_OR_RETURN(const bool free, IsFree(connection, now, ttl));
        if (!free) return std::nullopt;
        CITY_ASSIGN_OR_RETURN(
            const std::int64_t term,
            connection.QueryInt64("UPDATE harvest_lease SET holder = ?, term = term + 1, "
                                  "expires_at = ? RETURNING term",
                                  holder, ToStored(now + ttl)));
        return HarvestLease{.term = term, .ttl = ttl};
      });
}

absl::Status HarvestLeaseTable::Renew(const HarvestLease& lease, absl::Time deadline) {
  // No turn among the writes: a long one elsewhere must not make a living holder look dead.
  CITY_ASSIGN_OR_RETURN(sql::Lease writer, database_.Write(deadline));
  CITY_RETURN_IF_ERROR(Prolong(*writer, lease));
  return writer->Changes() == 1 ? absl::OkStatus() : HarvestFenced();
}

absl::Status HarvestLeaseTable::Prolong(sql::Connection& connection, const HarvestLease& lease) {
  CITY_ASSIGN_OR_RETURN(const absl::Time now, DatabaseNow(connection, clock_));
  return connection.Run("UPDATE harvest_lease SET expires_at = ? WHERE term = ?",
                        ToStored(now + lease.ttl), lease.term);
}

absl::Status HarvestLeaseTable::Release(const HarvestLease& lease, absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sql::Lease writer, database_.Write(deadline));
  return writer->Run("UPDATE harvest_lease SET expires_at = 0 WHERE term = ?", lease.term);
}

absl::Status HarvestLeaseTable::Free() {
  CITY_ASSIGN_OR_RETURN(sql::Lease writer, database_.Write());
  return writer->Run("UPDATE harvest_lease SET expires_at = 0");
}

absl::Status HarvestFenced() {
  return base::Aborted("HARVEST_FENCED", "another process has taken over the harvest");
}

}  // namespace cityinfo::metrics
