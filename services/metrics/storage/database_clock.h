#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"
#include "platform/sql/connection.h"

namespace cityinfo::metrics {

// The time that all processes over one database share: PostgreSQL's own. SQLite has one process,
// whose clock `own` is.
absl::StatusOr<absl::Time> DatabaseNow(sql::Connection& connection, const base::Clock& own);

}  // namespace cityinfo::metrics
