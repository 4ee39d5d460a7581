#include "services/metrics/storage/review_write.h"

#include <optional>

#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/review_table.h"
#include "services/metrics/storage/statement_table.h"

namespace cityinfo::metrics {

absl::StatusOr<bool> IsNews(sql::Connection& connection, const FigureReview& review) {
  {
    CITY_ASSIGN_OR_RETURN(sql::Statement figure,
                          connection.Prepare("SELECT retracted FROM figures WHERE figure_id = ?"));
    CITY_ASSIGN_OR_RETURN(const bool found, figure.BindAll(review.figure).Step());
    if (!found) return base::NotFound("figure", review.figure, "FIGURE_NOT_FOUND");
    if (figure.ColumnBool(0)) {
      return base::FailedPrecondition(
          "FIGURE_RETRACTED", "no public article states the figure any more; nothing is reviewed");
    }
  }
  CITY_ASSIGN_OR_RETURN(const std::optional<FigureReview> last,
                        ReviewTable(connection).LoadWord(review.figure));
  return !last.has_value() || last->state != review.state || last->amended != review.amended ||
         last->reviewer != review.reviewer || last->comment != review.comment;
}

absl::Status WriteReview(sql::Connection& connection, LedgerWrite& write,
                         const FigureReview& review, absl::Time now) {
  CITY_RETURN_IF_ERROR(ReviewTable(connection).Add(review, now));
  CITY_ASSIGN_OR_RETURN(std::optional<StoredStatement> standing,
                        StatementTable(connection).LoadStandingById(review.figure));
  if (!standing.has_value()) {
    return base::DataLoss("STORE_CORRUPT", "a figure that stands has no statement");
  }
  CITY_RETURN_IF_ERROR(write.StateReviewed(*standing, review));
  return write.Finish();
}

}  // namespace cityinfo::metrics
