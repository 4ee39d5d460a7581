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
#include "services/metrics/storage/statement_table.h"

namespace cityinfo::metrics {
namespace {

// The keyset of the list: its order with the id as the last resort.
struct Position {
  std::int64_t publish_day = 0;
  std::string article;
  std::int64_t block = 0;
  std::int64_t value_start = 0;
  std::string figure_id;
};

FigurePosition Encode(const Figure& figure) {
  return absl::StrCat(base::DaysSinceEpoch(figure.publish_date), "|", figure.citation.article, "|",
                      figure.citation.block, "|", figure.citation.value_start, "|", figure.id);
}

absl::StatusOr<Position> Decode(const FigurePosition& text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '|');
  Position position;
  if (parts.size() != 5 || !absl::SimpleAtoi(parts[0], &position.publish_day) ||
      !absl::SimpleAtoi(parts[2], &position.block) ||
      !absl::SimpleAtoi(parts[3], &position.value_start)) {
    return base::InvalidArgument("page_token", "it is no position in a list of figures",
                                 "INVALID_PAGE_TOKEN");
  }
  position.article = std::string(parts[1]);
  position.figure_id = std::string(parts[4]);
  return position;
}

absl::StatusOr<sqlite::Statement> PrepareList(sqlite::Connection& connection,
                                              const FigureQuery& query) {
  std::optional<Position> after;
  if (query.after.has_value()) {
    CITY_ASSIGN_OR_RETURN(after, Decode(*query.after));
  }
  std::vector<std::string> conditions;
  if (!query.article.empty()) conditions.emplace_back("f.article = ?");
  if (!query.indicator.empty()) conditions.emplace_back("f.indicator = ?");
  if (!query.place.empty()) conditions.emplace_back("f.place = ?");
  if (query.review_state.has_value()) conditions.emplace_back("f.review_state = ?");
  if (!query.with_retracted) conditions.emplace_back("f.retracted = 0");
  if (after.has_value()) {
    conditions.emplace_back(
        "f.publish_day <= ? AND (f.publish_day < ? OR "
        "(f.article, f.block, f.value_start, f.figure_id) > (?, ?, ?, ?))");
  }
  CITY_ASSIGN_OR_RETURN(
      sqlite::Statement list,
      connection.Prepare(absl::StrCat(
          "SELECT ", StatementColumns(),
          ", f.retracted, f.review_state FROM figures f "
          "JOIN statements s USING (statement_id)",
          conditions.empty() ? "" : " WHERE ", absl::StrJoin(conditions, " AND "),
          " ORDER BY f.publish_day DESC, f.article, f.block, f.value_start, f.figure_id LIMIT ?")));
  int index = 0;
  if (!query.article.empty()) list.Bind(++index, query.article);
  if (!query.indicator.empty()) list.Bind(++index, query.indicator);
  if (!query.place.empty()) list.Bind(++index, query.place);
  if (query.review_state.has_value()) list.Bind(++index, static_cast<int>(*query.review_state));
  if (after.has_value()) {
    list.Bind(++index, after->publish_day);
    list.Bind(++index, after->publish_day);
    list.Bind(++index, after->article);
    list.Bind(++index, after->block);
    list.Bind(++index, after->value_start);
    list.Bind(++index, after->figure_id);
  }
  list.Bind(++index, query.page_size + 1);
  return list;
}

}  // namespace

absl::StatusOr<FigurePage> ReadFigures(sqlite::Connection& connection, const FigureQuery& query) {
  CITY_ASSIGN_OR_RETURN(sqlite::Statement list, PrepareList(connection, query));
  FigurePage page;
  CITY_RETURN_IF_ERROR(list.ForEach([&](sqlite::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(StoredStatement statement, ReadStatement(row, 0));
    statement.figure.retracted = row.ColumnBool(kStatementColumnCount);
    statement.figure.review_state =
        static_cast<ReviewState>(row.ColumnInt64(kStatementColumnCount + 1));
    page.figures.push_back(std::move(statement.figure));
    return absl::OkStatus();
  }));
  if (page.figures.size() > static_cast<size_t>(query.page_size)) {
    page.figures.pop_back();
    page.next = Encode(page.figures.back());
  }
  return page;
}

}  // namespace cityinfo::metrics
