#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "platform/sqlite/connection.h"
#include "services/metrics/domain/observation.h"

namespace cityinfo::metrics {

// The keys of observations and their row numbers. Belongs to the thread that holds the connection.
class ObservationTable {
 public:
  explicit ObservationTable(sqlite::Connection& connection) : connection_(connection) {}

  // The row of a key; 0 when it was never observed.
  absl::StatusOr<std::int64_t> Find(const ObservationKey& key);
  // The row of a key, made when missing. Needs the writer.
  absl::StatusOr<std::int64_t> FindOrAdd(const ObservationKey& key);
  // The key of a row; DATA_LOSS when there is none.
  absl::StatusOr<ObservationKey> KeyOf(std::int64_t observation_id);

 private:
  sqlite::Connection& connection_;
};

// First and last day of a period as days since 1970: the order of a series.
std::int64_t FirstDayNumber(const Period& period);
std::int64_t LastDayNumber(const Period& period);

}  // namespace cityinfo::metrics
