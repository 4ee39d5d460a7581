#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/figure_review.h"
#include "services/metrics/storage/ledger_write.h"

namespace cityinfo::metrics {

// Whether the word says anything that the last one on its figure does not. NOT_FOUND
// (FIGURE_NOT_FOUND), FAILED_PRECONDITION (FIGURE_RETRACTED).
absl::StatusOr<bool> IsNews(sql::Connection& connection, const FigureReview& review);

// Keeps a word that is news, brings the figure to what it says, and finishes `write`. `now` is the
// write's record time.
absl::Status WriteReview(sql::Connection& connection, LedgerWrite& write,
                         const FigureReview& review, absl::Time now);

}  // namespace cityinfo::metrics
