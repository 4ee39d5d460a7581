#include "services/metrics/storage/figure_reader.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "platform/base/date.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/parameters.h"
#include "services/metrics/storage/reading_columns.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/statement_table.h"
#include "services/metrics/storage/store_progress.h"

namespace cityinfo::metrics {
namespace {

// A figure's statement, its last review and what was extracted, as ReadFigureRow reads them.
std::string FigureColumns() {
  return absl::StrCat(StatementColumns(),
                      ", f.retracted, f.review_state, f.anchor, f.doubt, r.reviewer, "
                      "r.review_time, r.comment, ",
                      kExtractedColumns,
                      " FROM figures f CROSS JOIN statements s "
                      "LEFT JOIN reviews r ON r.review_id = f.review_id "
                      "LEFT JOIN extracted_readings e ON e.statement_id = s.statement_id "
                      "WHERE s.statement_id = f.statement_id");
}

constexpr int kDoubtColumn = kStatementColumnCount + 3;

absl::StatusOr<Figure> ReadFigureRow(const sql::Statement& row) {
  CITY_ASSIGN_OR_RETURN(StoredStatement statement, ReadStatement(row, 0));
  Figure& figure = statement.figure;
  const int first = kStatementColumnCount;
  figure.retracted = row.ColumnBool(first);
  figure.review_state = static_cast<ReviewState>(row.ColumnInt64(first + 1));
  figure.anchor = static_cast<AnchorState>(row.ColumnInt64(first + 2));
  if (!row.ColumnIsNull(first + 5)) {
    figure.reviewer = row.ColumnString(first + 4);
    figure.review_time = FromStored(row.ColumnInt64(first + 5));
    figure.review_comment = row.ColumnString(first + 6);
  }
  CITY_ASSIGN_OR_RETURN(figure.extracted, ReadReading(row, first + 7));
  return std::move(figure);
}

// The keyset of the list: its order with the id as the last resort.
struct Position {
  std::int64_t publish_day = 0;
  std::string article;
  std::int64_t block = 0;
  std::int64_t value_start = 0;
  std::string figure_id;
  std::int64_t seen = 0;  // last_record_time of the state the page showed
  std::int64_t doubt = 0;
};

FigurePosition Encode(const Figure& figure, std::int64_t seen, std::int64_t doubt) {
  return absl::StrCat(base::DaysSinceEpoch(figure.publish_date), "|", figure.citation.article, "|",
                      figure.citation.block, "|", figure.citation.value_start, "|", figure.id, "|",
                      seen, "|", doubt);
}

absl::StatusOr<Position> Decode(const FigurePosition& text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '|');
  Position position;
  // Releases before wrote no seventh part, or no sixth.
  if (parts.size() < 5 || parts.size() > 7 || !absl::SimpleAtoi(parts[0], &position.publish_day) ||
      !absl::SimpleAtoi(parts[2], &position.block) ||
      !absl::SimpleAtoi(parts[3], &position.value_start) ||
      (parts.size() > 5 && !absl::SimpleAtoi(parts[5], &position.seen)) ||
      (parts.size() > 6 && !absl::SimpleAtoi(parts[6], &position.doubt))) {
    return base::InvalidArgument("page_token", "it is no position in a list of figures",
                                 "INVALID_PAGE_TOKEN");
  }
  position.article = std::string(parts[1]);
  position.figure_id = std::string(parts[4]);
  return position;
}

absl::StatusOr<sql::Statement> PrepareList(sql::Connection& connection, const FigureQuery& query) {
  Parameters parameters;
  std::vector<std::string> conditions;
  const auto equals = [&](absl::string_view column, absl::string_view value) {
    if (value.empty()) return;
    conditions.push_back(absl::StrCat(column, " = ", parameters.Add(value)));
  };
  equals("f.article", query.article);
  equals("f.indicator", query.indicator);
  equals("f.place", query.place);
  if (query.review_state.has_value()) {
    conditions.push_back(absl::StrCat(
        "f.review_state = ", parameters.Add(static_cast<std::int64_t>(*query.review_state))));
  }
  if (query.anchor.has_value()) {
    conditions.push_back(
        absl::StrCat("f.anchor = ", parameters.Add(static_cast<std::int64_t>(*query.anchor))));
  }
  if (!query.with_retracted) conditions.emplace_back("f.retracted = 0");
  const bool by_doubt = query.order_by == FigureOrder::kDoubt;
  if (query.after.has_value()) {
    CITY_ASSIGN_OR_RETURN(const Position after, Decode(*query.after));
    const std::string day = parameters.Add(after.publish_day);
    std::string behind = absl::StrCat(
        "f.publish_day <= ", day, " AND (f.publish_day < ", day,
        " OR (f.article, f.block, f.value_start, f.figure_id) > (", parameters.Add(after.article),
        ", ", parameters.Add(after.block), ", ", parameters.Add(after.value_start), ", ",
        parameters.Add(after.figure_id), "))");
    if (by_doubt) {
      const std::string doubt = parameters.Add(after.doubt);
      behind = absl::StrCat("f.doubt <= ", doubt, " AND (f.doubt < ", doubt, " OR (", behind, "))");
    }
    conditions.push_back(std::move(behind));
  }
  CITY_ASSIGN_OR_RETURN(
      sql::Statement list,
      connection.Prepare(absl::StrCat(
          "SELECT ", FigureColumns(), conditions.empty() ? "" : " AND ",
          absl::StrJoin(conditions, " AND "), " ORDER BY ", by_doubt ? "f.doubt DESC, " : "",
          "f.publish_day DESC, f.article, f.block, f.value_start, f.figure_id LIMIT ",
          parameters.Add(query.page_size + 1))));
  parameters.BindTo(list);
  return list;
}

}  // namespace

absl::StatusOr<absl::Time> SeenBefore(const FigureQuery& query) {
  if (!query.after.has_value()) return absl::InfinitePast();
  CITY_ASSIGN_OR_RETURN(const Position after, Decode(*query.after));
  return FromStored(after.seen);
}

absl::StatusOr<FigurePage> ReadFigures(sql::Connection& connection, const FigureQuery& query) {
  FigurePage page;
  std::vector<std::int64_t> doubts;
  {
    CITY_ASSIGN_OR_RETURN(sql::Statement list, PrepareList(connection, query));
    CITY_RETURN_IF_ERROR(list.ForEach([&](sql::Statement& row) -> absl::Status {
      CITY_ASSIGN_OR_RETURN(Figure figure, ReadFigureRow(row));
      page.figures.push_back(std::move(figure));
      doubts.push_back(row.ColumnInt64(kDoubtColumn));
      return absl::OkStatus();
    }));
  }
  if (page.figures.size() > static_cast<size_t>(query.page_size)) {
    page.figures.pop_back();
    CITY_ASSIGN_OR_RETURN(const StoreProgress progress, ReadStoreProgress(connection));
    page.next =
        Encode(page.figures.back(), progress.last_record_time, doubts[page.figures.size() - 1]);
  }
  return page;
}

absl::StatusOr<Figure> ReadFigure(sql::Connection& connection, absl::string_view id) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      connection.Prepare(absl::StrCat("SELECT ", FigureColumns(), " AND f.figure_id = ?")));
  CITY_ASSIGN_OR_RETURN(const bool found, query.BindAll(id).Step());
  if (!found) return base::NotFound("figure", id, "FIGURE_NOT_FOUND");
  return ReadFigureRow(query);
}

}  // namespace cityinfo::metrics
