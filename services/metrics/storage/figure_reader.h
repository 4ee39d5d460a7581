#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// Answers MetricStore::ListFigures inside a read transaction that the caller holds: one statement,
// one more when another page follows.
absl::StatusOr<FigurePage> ReadFigures(sql::Connection& connection, const FigureQuery& query);

// Answers MetricStore::GetFigure: one statement.
absl::StatusOr<Figure> ReadFigure(sql::Connection& connection, absl::string_view id);

// The newest record time that the page before has shown; INVALID_ARGUMENT for a position that is
// not ours.
absl::StatusOr<absl::Time> SeenBefore(const FigureQuery& query);

}  // namespace cityinfo::metrics
