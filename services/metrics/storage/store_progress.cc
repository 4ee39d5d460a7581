#include "services/metrics/storage/store_progress.h"

#include "platform/base/error.h"
#include "platform/base/status_macros.h"

namespace cityinfo::metrics {

absl::StatusOr<StoreProgress> ReadStoreProgress(sql::Connection& connection) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      connection.Prepare("SELECT p.harvest_position, p.last_record_time, p.asked_floor, l.term, "
                         "(SELECT coalesce(max(sequence), 0) FROM changes) "
                         "FROM progress p CROSS JOIN harvest_lease l"));
  CITY_ASSIGN_OR_RETURN(const bool found, query.Step());
  if (!found) return base::DataLoss("STORE_CORRUPT", "the store has no progress row");
  return StoreProgress{.harvest_position = query.ColumnInt64(0),
                       .last_record_time = query.ColumnInt64(1),
                       .asked_floor = query.ColumnInt64(2),
                       .harvest_term = query.ColumnInt64(3),
                       .newest_change = query.ColumnInt64(4)};
}

}  // namespace cityinfo::metrics
