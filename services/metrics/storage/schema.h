#pragma once

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "platform/sql/migration.h"

namespace cityinfo::metrics {

// The tables of the metrics store in each dialect, as steps that are only ever added to. A new step
// is added to both.
std::vector<sql::Migration> SqliteMetricSchema();
std::vector<sql::Migration> PostgresMetricSchema();

// How times are stored: microseconds since 1970. A version that still stands is superseded at
// kForever.
inline constexpr std::int64_t kForever = INT64_MAX;

inline std::int64_t ToStored(absl::Time time) { return absl::ToUnixMicros(time); }
inline absl::Time FromStored(std::int64_t micros) {
  return micros == kForever ? absl::InfiniteFuture() : absl::FromUnixMicros(micros);
}

}  // namespace cityinfo::metrics
