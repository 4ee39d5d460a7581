#pragma once

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/figure_review.h"

namespace cityinfo::metrics {

// The words of data officers; of each figure the last one counts. Belongs to the thread that holds
// the connection.
class ReviewTable {
 public:
  explicit ReviewTable(sql::Connection& connection) : connection_(connection) {}

  // The words that count for the figures of an article, standing or retracted, by figure; without
  // reviewer and comment. One statement.
  absl::StatusOr<absl::flat_hash_map<std::string, FigureReview>> LoadWords(
      absl::string_view article);
  // The word that counts for one figure; nothing when nobody has looked.
  absl::StatusOr<std::optional<FigureReview>> LoadWord(absl::string_view figure);

  // Keeps a word, spoken `now`, as the one that counts. Needs the writer.
  absl::Status Add(const FigureReview& review, absl::Time now);

 private:
  sql::Connection& connection_;
};

}  // namespace cityinfo::metrics
