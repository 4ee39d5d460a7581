#pragma once

#include "absl/status/statusor.h"
#include "platform/sqlite/connection.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// Answers MetricStore::ListFigures on a connection.
absl::StatusOr<FigurePage> ReadFigures(sqlite::Connection& connection, const FigureQuery& query);

}  // namespace cityinfo::metrics
