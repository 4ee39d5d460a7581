#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"
#include "platform/sql/database.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// The one row that says who may harvest. Its times are by the database's clock (DatabaseNow).
// Taking the lease is a turn among the writes, so a change of an older term is either committed
// before the new term begins or sees it and is refused. Thread-safe.
class HarvestLeaseTable {
 public:
  // Both must outlive it.
  HarvestLeaseTable(sql::Database& database, const base::Clock& clock)
      : database_(database), clock_(clock) {}

  // As MetricStore's.
  absl::StatusOr<std::optional<HarvestLease>> Acquire(absl::string_view holder, absl::Duration ttl,
                                                      absl::Time deadline);
  absl::Status Renew(const HarvestLease& lease, absl::Time deadline);
  absl::Status Release(const HarvestLease& lease, absl::Time deadline);

  // Renews it inside a write transaction; nothing when it is another's by now.
  absl::Status Prolong(sql::Connection& connection, const HarvestLease& lease);

  // Frees the lease whoever holds it; the term stays, so that it is not fenced.
  absl::Status Free();

 private:
  sql::Database& database_;
  const base::Clock& clock_;
};

// ABORTED, HARVEST_FENCED.
absl::Status HarvestFenced();

}  // namespace cityinfo::metrics
