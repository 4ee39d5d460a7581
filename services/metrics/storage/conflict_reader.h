#pragma once

#include "absl/status/statusor.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/conflict.h"

namespace cityinfo::metrics {

// Answers MetricStore::ListConflicts inside a read transaction that the caller holds.
absl::StatusOr<ConflictPage> ReadConflicts(sql::Connection& connection, const ConflictQuery& query);

}  // namespace cityinfo::metrics
