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
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/statement_table.h"
#include "services/metrics/storage/store_progress.h"

namespace cityinfo::metrics {
namespace {

// The keyset of the list: its order with the id as the last resort.
struct Position {
  std::int64_t publish_day = 0;
  std::string article;
  std::int64_t block = 0;
  std::int64_t value_start = 0;
  std::string figure_id;
  std::int64_t seen = 0;  // last_record_time of the state the page showed
};

FigurePosition Encode(const Figure& figure, std::int64_t seen) {
  return absl::StrCat(base::DaysSinceEpoch(figure.publish_date), "|", figure.citation.article, "|",
                      figure.citation.block, "|", figure.citation.value_start, "|", figure.id, "|",
                      seen);
}

absl::StatusOr<Position> Decode(const FigurePosition& text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '|');
  Position position;
  // The release before wrote no sixth part.
  if (parts.size() < 5 || parts.size() > 6 || !absl::SimpleAtoi(parts[0], &position.publish_day) ||
      !absl::SimpleAtoi(parts[2], &position.block) ||
      !absl::SimpleAtoi(parts[3], &position.value_start) ||
      (parts.size() == 6 && !absl::SimpleAtoi(parts[5], &position.seen))) {
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
  if (!query.with_retracted) conditions.emplace_back("f.retracted = 0");
  if (query.after.has_value()) {
    CITY_ASSIGN_OR_RETURN(const Position after, Decode(*query.after));
    const std::string day = parameters.Add(after.publish_day);
    conditions.push_back(absl::StrCat(
        "f.publish_day <= ", day, " AND (f.publish_day < ", day,
        " OR (f.article, f.block, f.value_start, f.figure_id) > (", parameters.Add(after.article),
        ", ", parameters.Add(after.block), ", ", parameters.Add(after.value_start), ", ",
        parameters.Add(after.figure_id), "))"));
  }
  CITY_ASSIGN_OR_RETURN(
      sql::Statement list,
      connection.Prepare(absl::StrCat(
          "SELECT ", StatementColumns(),
          ", f.retracted, f.review_state FROM figures f CROSS JOIN statements s "
          "WHERE s.statement_id = f.statement_id",
          conditions.empty() ? "" : " AND ", absl::StrJoin(conditions, " AND "),
          " ORDER BY f.publish_day DESC, f.article, f.block, f.value_start, f.figure_id LIMIT ",
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
  {
    CITY_ASSIGN_OR_RETURN(sql::Statement list, PrepareList(connection, query));
    CITY_RETURN_IF_ERROR(list.ForEach([&](sql::Statement& row) -> absl::Status {
      CITY_ASSIGN_OR_RETURN(StoredStatement statement, ReadStatement(row, 0));
      statement.figure.retracted = row.ColumnBool(kStatementColumnCount);
      statement.figure.review_state =
          static_cast<ReviewState>(row.ColumnInt64(kStatementColumnCount + 1));
      page.figures.push_back(std::move(statement.figure));
      return absl::OkStatus();
    }));
  }
  if (page.figures.size() > static_cast<size_t>(query.page_size)) {
    page.figures.pop_back();
    CITY_ASSIGN_OR_RETURN(const StoreProgress progress, ReadStoreProgress(connection));
    page.next = Encode(page.figures.back(), progress.last_record_time);
  }
  return page;
}

}  // namespace cityinfo::metrics
