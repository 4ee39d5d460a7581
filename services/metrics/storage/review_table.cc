#include "services/metrics/storage/review_table.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/reading_columns.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/stored_codes.h"

namespace cityinfo::metrics {
namespace {

// Columns figure_id, review_state, then kAmendedColumns.
absl::StatusOr<FigureReview> ReadWord(const sql::Statement& row) {
  FigureReview word{.figure = row.ColumnString(0),
                    .state = static_cast<ReviewState>(row.ColumnInt64(1))};
  CITY_ASSIGN_OR_RETURN(word.amended, ReadReading(row, 2));
  return word;
}

// What `part` makes of the amended reading; NULL without one.
template <typename Part>
auto Amended(const FigureReview& review, Part part)
    -> std::optional<decltype(part(*review.amended))> {
  if (!review.amended.has_value()) return std::nullopt;
  return part(*review.amended);
}

}  // namespace

absl::StatusOr<absl::flat_hash_map<std::string, FigureReview>> ReviewTable::LoadWords(
    absl::string_view article) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      connection_.Prepare(absl::StrCat("SELECT r.figure_id, r.review_state, ", kAmendedColumns,
                                       " FROM figures f CROSS JOIN reviews r "
                                       "WHERE f.article = ? AND r.review_id = f.review_id")));
  query.BindAll(article);
  absl::flat_hash_map<std::string, FigureReview> words;
  CITY_RETURN_IF_ERROR(query.ForEach([&](sql::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(FigureReview word, ReadWord(row));
    std::string figure = word.figure;
    words.emplace(std::move(figure), std::move(word));
    return absl::OkStatus();
  }));
  return words;
}

absl::StatusOr<std::optional<FigureReview>> ReviewTable::LoadWord(absl::string_view figure) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      connection_.Prepare(absl::StrCat("SELECT r.figure_id, r.review_state, ", kAmendedColumns,
                                       ", r.reviewer, r.comment "
                                       "FROM figures f CROSS JOIN reviews r "
                                       "WHERE f.figure_id = ? AND r.review_id = f.review_id")));
  CITY_ASSIGN_OR_RETURN(const bool found, query.BindAll(figure).Step());
  if (!found) return std::nullopt;
  CITY_ASSIGN_OR_RETURN(FigureReview word, ReadWord(query));
  word.reviewer = query.ColumnString(13);
  word.comment = query.ColumnString(14);
  return word;
}

absl::Status ReviewTable::Add(const FigureReview& review, absl::Time now) {
  const auto number = [](auto code) { return static_cast<std::int64_t>(code); };
  const std::optional<std::string> period =
      review.amended.has_value() && review.amended->period.has_value()
          ? std::optional<std::string>(review.amended->period->ToString())
          : std::nullopt;
  CITY_ASSIGN_OR_RETURN(
      const std::int64_t id,
      connection_.QueryInt64(
          "INSERT INTO reviews (figure_id, review_state, reviewer, review_time, comment, "
          "indicator, place, measure, kind, period, exact_value, exact_value_high, unit, "
          "qualifier, stage) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
          "RETURNING review_id",
          review.figure, static_cast<int>(review.state), review.reviewer, ToStored(now),
          review.comment, Amended(review, [](const auto& to) { return to.indicator; }),
          Amended(review, [](const auto& to) { return to.place; }),
          Amended(review, [&](const auto& to) { return number(StoredCode(to.measure)); }),
          Amended(review, [&](const auto& to) { return number(StoredCode(to.kind)); }), period,
          Amended(review, [](const auto& to) { return to.exact_value; }),
          Amended(review, [](const auto& to) { return to.exact_value_high; }),
          Amended(review, [](const auto& to) { return to.unit; }),
          Amended(review, [&](const auto& to) { return number(StoredCode(to.qualifier)); }),
          Amended(review, [&](const auto& to) { return number(to.stage); })));
  return connection_.Run("UPDATE figures SET review_id = ? WHERE figure_id = ?", id, review.figure);
}

}  // namespace cityinfo::metrics
