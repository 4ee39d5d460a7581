#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/observation.h"

namespace cityinfo::metrics {

// The keys of observations and their row numbers. Belongs to the thread that holds the connection.
class ObservationTable {
 public:
  explicit ObservationTable(sql::Connection& connection) : connection_(connection) {}

  // The row of a key; 0 when it was never observed.
  absl::StatusOr<std::int64_t> Find(const ObservationKey& key);
  // The row of a key, made when missing. Needs the writer.
  absl::StatusOr<std::int64_t> FindOrAdd(const ObservationKey& key);

  struct KeyRow {
    std::int64_t id = 0;
    bool added = false;  // just now: nothing was ever said of it
  };
  // The rows of keys of which no two are equal, in their order, made where missing. A statement for
  // every series, one for all rows that are there, and one for each that is not. Needs the writer.
  absl::StatusOr<std::vector<KeyRow>> FindOrAddAll(std::span<const ObservationKey* const> keys);

 private:
  // The rows of the keys' series, in the order of the keys, and those of them that were there.
  struct SeriesRows {
    std::vector<std::int64_t> of_keys;
    std::vector<std::int64_t> known;
  };
  absl::StatusOr<SeriesRows> FindOrAddSeries(std::span<const ObservationKey* const> keys);

  sql::Connection& connection_;
};

// The columns of a key that ReadKey reads, from series "r" and observations "o".
inline constexpr char kKeyColumns[] = "r.indicator, r.place, r.measure, r.kind, o.period";
inline constexpr int kKeyColumnCount = 5;
// The order of keys, which that of answers is.
inline constexpr char kKeyOrder[] =
    "r.indicator, r.place, r.measure, r.kind, o.period_last, o.period_first, o.period";
absl::StatusOr<ObservationKey> ReadKey(const sql::Statement& row, int first);

// First and last day of a period as days since 1970: the order of a series.
std::int64_t FirstDayNumber(const Period& period);
std::int64_t LastDayNumber(const Period& period);

}  // namespace cityinfo::metrics
