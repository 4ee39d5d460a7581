#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "platform/sql/connection.h"

namespace cityinfo::metrics {

// How far the store has come, as one snapshot or write transaction sees it. Everything in it only
// ever rises.
struct StoreProgress {
  std::int64_t harvest_position = 0;
  std::int64_t last_record_time = 0;  // as stored; of the newest write
  std::int64_t asked_floor = 0;       // as stored; the newest moment asked about before it was past
  std::int64_t harvest_term = 0;      // of the newest harvest lease
  std::int64_t newest_change = 0;     // sequence in the change feed
};

// One statement.
absl::StatusOr<StoreProgress> ReadStoreProgress(sql::Connection& connection);

}  // namespace cityinfo::metrics
