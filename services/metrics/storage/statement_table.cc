#include "services/metrics/storage/statement_table.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "platform/base/date.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/id_list.h"
#include "services/metrics/storage/reading_columns.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/stored_codes.h"

namespace cityinfo::metrics {
namespace {

constexpr char kStands[] = "s.superseded_at = 9223372036854775807";

std::optional<std::string> PeriodText(const Figure& figure) {
  if (!figure.period.has_value()) return std::nullopt;
  return figure.period->ToString();
}

std::optional<std::int64_t> ObservationColumn(const StoredStatement& statement) {
  if (statement.observation_id == 0) return std::nullopt;
  return statement.observation_id;
}

// An officer's word that the value is right, as read or as amended.
bool VouchesFor(ReviewState state) {
  return state == ReviewState::kConfirmed || state == ReviewState::kAmended;
}

// What is left of certainty, in millionths: a number that pages can be told apart by.
std::int64_t DoubtOf(double confidence) { return std::llround((1 - confidence) * 1e6); }

// What was extracted stands beside a statement, or not.
constexpr char kWithExtracted[] =
    " FROM statements s LEFT JOIN extracted_readings e ON e.statement_id = s.statement_id ";

absl::StatusOr<StoredStatement> ReadWithExtracted(const sql::Statement& row) {
  CITY_ASSIGN_OR_RETURN(StoredStatement statement, ReadStatement(row, 0));
  CITY_ASSIGN_OR_RETURN(statement.figure.extracted, ReadReading(row, kStatementColumnCount));
  return statement;
}

}  // namespace

absl::string_view StatementColumns() {
  return "s.statement_id, s.figure_id, s.observation_id, s.ordinal, s.source, s.indicator, "
         "s.indicator_text, s.place, s.measure, s.kind, s.period, s.printed, s.exact_value, "
         "s.exact_value_high, s.unit, s.qualifier, s.printed_unit, s.unit_fits, s.confidence, "
         "s.doubts, s.article, s.revision, s.block, s.quote_start, s.quote_end, s.quote, "
         "s.value_start, s.value_end, s.article_title, s.publication, s.page, s.publish_day, "
         "s.review_state, s.learned_at, s.superseded_at, s.stage";
}

absl::StatusOr<StoredStatement> ReadStatement(const sql::Statement& row, int first) {
  int column = first;
  StoredStatement statement;
  Figure& figure = statement.figure;
  statement.id = row.ColumnInt64(column++);
  figure.id = row.ColumnString(column++);
  statement.observation_id = row.ColumnInt64(column++);
  statement.ordinal = static_cast<int>(row.ColumnInt64(column++));
  statement.source = row.ColumnString(column++);
  figure.indicator = row.ColumnString(column++);
  figure.indicator_text = row.ColumnString(column++);
  figure.place = row.ColumnString(column++);
  figure.measure = MeasureFromCode(row.ColumnInt64(column++));
  figure.kind = KindFromCode(row.ColumnInt64(column++));
  if (!row.ColumnIsNull(column)) {
    CITY_ASSIGN_OR_RETURN(figure.period, Period::Parse(row.ColumnText(column)));
  }
  ++column;
  figure.value.printed = row.ColumnString(column++);
  figure.value.exact_value = row.ColumnString(column++);
  figure.value.exact_value_high = row.ColumnString(column++);
  figure.value.unit = row.ColumnString(column++);
  figure.value.qualifier = QualifierFromCode(row.ColumnInt64(column++));
  figure.printed_unit = row.ColumnString(column++);
  figure.unit_fits = row.ColumnBool(column++);
  figure.confidence = row.ColumnDouble(column++);
  figure.doubts = absl::StrSplit(row.ColumnText(column++), ' ', absl::SkipEmpty());
  figure.citation.article = row.ColumnString(column++);
  figure.citation.revision = row.ColumnInt64(column++);
  figure.citation.block = static_cast<int>(row.ColumnInt64(column++));
  figure.citation.start = row.ColumnInt64(column++);
  figure.citation.end = row.ColumnInt64(column++);
  figure.citation.quote = row.ColumnString(column++);
  figure.citation.value_start = row.ColumnInt64(column++);
  figure.citation.value_end = row.ColumnInt64(column++);
  figure.citation.article_title = row.ColumnString(column++);
  figure.citation.publication = row.ColumnString(column++);
  figure.citation.page = row.ColumnString(column++);
  figure.publish_date = base::DateFromDays(row.ColumnInt64(column++));
  figure.citation.publish_date = figure.publish_date;
  figure.review_state = static_cast<ReviewState>(row.ColumnInt64(column++));
  figure.record_time = FromStored(row.ColumnInt64(column++));
  figure.retracted = row.ColumnInt64(column++) != kForever;
  figure.stage = static_cast<RevisionStage>(row.ColumnInt64(column++));
  return statement;
}

absl::StatusOr<std::vector<StoredStatement>> StatementTable::LoadStanding(
    absl::string_view article) {
  CITY_ASSIGN_OR_RETURN(sql::Statement query,
                        connection_.Prepare(absl::StrCat(
                            "SELECT ", StatementColumns(), ", ", kExtractedColumns, kWithExtracted,
                            "WHERE s.article = ? AND ", kStands, " ORDER BY s.ordinal")));
  std::vector<StoredStatement> statements;
  query.BindAll(article);
  CITY_RETURN_IF_ERROR(query.ForEach([&](sql::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(StoredStatement statement, ReadWithExtracted(row));
    statements.push_back(std::move(statement));
    return absl::OkStatus();
  }));
  return statements;
}

absl::StatusOr<std::optional<StoredStatement>> StatementTable::LoadStandingById(
    absl::string_view figure_id) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      connection_.Prepare(absl::StrCat("SELECT ", StatementColumns(), ", ", kExtractedColumns,
                                       kWithExtracted, "WHERE s.figure_id = ? AND ", kStands)));
  CITY_ASSIGN_OR_RETURN(const bool found, query.BindAll(figure_id).Step());
  if (!found) return std::nullopt;
  CITY_ASSIGN_OR_RETURN(StoredStatement statement, ReadWithExtracted(query));
  return statement;
}

absl::StatusOr<absl::flat_hash_map<std::int64_t, std::vector<BackingStatement>>>
StatementTable::LoadBacking(std::span<const std::int64_t> observations) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      connection_.Prepare(absl::StrCat(
          "SELECT s.observation_id, s.statement_id, s.printed, s.exact_value, s.exact_value_high, "
          "s.unit, s.qualifier, s.publish_day, s.learned_at, s.confidence, s.ordinal, s.stage, "
          "s.review_state FROM ",
          IdTable(connection_.dialect()),
          " w CROSS JOIN statements s WHERE s.observation_id = w.id AND ", kStands)));
  query.BindAll(IdList(connection_.dialect(), observations));
  absl::flat_hash_map<std::int64_t, std::vector<BackingStatement>> backing;
  CITY_RETURN_IF_ERROR(query.ForEach([&](sql::Statement& row) {
    backing[row.ColumnInt64(0)].push_back(
        {.id = row.ColumnInt64(1),
         .value = {.printed = row.ColumnString(2),
                   .exact_value = row.ColumnString(3),
                   .exact_value_high = row.ColumnString(4),
                   .unit = row.ColumnString(5),
                   .qualifier = QualifierFromCode(row.ColumnInt64(6))},
         .publish_date = base::DateFromDays(row.ColumnInt64(7)),
         .learned_at = FromStored(row.ColumnInt64(8)),
         .confidence = row.ColumnDouble(9),
         .ordinal = static_cast<int>(row.ColumnInt64(10)),
         .stage = static_cast<RevisionStage>(row.ColumnInt64(11)),
         .vouched_for = VouchesFor(static_cast<ReviewState>(row.ColumnInt64(12)))});
  }));
  return backing;
}

absl::StatusOr<std::int64_t> StatementTable::Add(const StoredStatement& statement, absl::Time now) {
  const Figure& figure = statement.figure;
  const Citation& citation = figure.citation;
  CITY_ASSIGN_OR_RETURN(
      const std::int64_t id,
      connection_.QueryInt64(
          "INSERT INTO statements (figure_id, observation_id, ordinal, source, indicator, "
          "indicator_text, place, measure, kind, period, printed, exact_value, exact_value_high, "
          "unit, "
          "qualifier, printed_unit, unit_fits, confidence, doubts, article, revision, block, "
          "quote_start, quote_end, quote, value_start, value_end, article_title, publication, "
          "page, "
          "publish_day, review_state, learned_at, record_from, superseded_at, stage) VALUES "
          "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
          "?, ?, "
          "?, ?, ?, ?, ?) RETURNING statement_id",
          figure.id, ObservationColumn(statement), statement.ordinal, statement.source,
          figure.indicator, figure.indicator_text, figure.place, StoredCode(figure.measure),
          StoredCode(figure.kind), PeriodText(figure), figure.value.printed,
          figure.value.exact_value, figure.value.exact_value_high, figure.value.unit,
          StoredCode(figure.value.qualifier), figure.printed_unit, figure.unit_fits,
          figure.confidence, absl::StrJoin(figure.doubts, " "), citation.article, citation.revision,
          citation.block, citation.start, citation.end, citation.quote, citation.value_start,
          citation.value_end, citation.article_title, citation.publication, citation.page,
          base::DaysSinceEpoch(figure.publish_date), static_cast<int>(figure.review_state),
          ToStored(figure.record_time), ToStored(now), kForever, static_cast<int>(figure.stage)));
  if (figure.extracted.has_value()) CITY_RETURN_IF_ERROR(AddExtracted(id, *figure.extracted));
  return id;
}

absl::Status StatementTable::AddExtracted(std::int64_t statement_id,
                                          const FigureReading& extracted) {
  const std::optional<std::string> period =
      extracted.period.has_value() ? std::optional<std::string>(extracted.period->ToString())
                                   : std::nullopt;
  return connection_.Run(
      "INSERT INTO extracted_readings (statement_id, indicator, place, measure, kind, period, "
      "exact_value, exact_value_high, unit, qualifier, stage, unit_fits) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      statement_id, extracted.indicator, extracted.place, StoredCode(extracted.measure),
      StoredCode(extracted.kind), period, extracted.exact_value, extracted.exact_value_high,
      extracted.unit, StoredCode(extracted.qualifier), static_cast<int>(extracted.stage),
      extracted.unit_fits);
}

absl::Status StatementTable::Supersede(std::int64_t statement_id, absl::Time now) {
  return connection_.Run("UPDATE statements SET superseded_at = ? WHERE statement_id = ?",
                         ToStored(now), statement_id);
}

absl::Status StatementTable::ListFigure(const StoredStatement& statement) {
  const Figure& figure = statement.figure;
  const Citation& citation = figure.citation;
  return connection_.Run(
      "INSERT INTO figures (figure_id, statement_id, retracted, review_state, indicator, place, "
      "publish_day, article, block, value_start, anchor, found_block, found_quote_start, "
      "found_value_start, doubt) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (figure_id) DO UPDATE SET statement_id = excluded.statement_id, "
      "retracted = excluded.retracted, review_state = excluded.review_state, "
      "indicator = excluded.indicator, place = excluded.place, "
      "publish_day = excluded.publish_day, article = excluded.article, block = excluded.block, "
      "value_start = excluded.value_start, doubt = excluded.doubt, "
      "anchor = CASE WHEN figures.found_block = excluded.found_block "
      "AND figures.found_quote_start = excluded.found_quote_start "
      "AND figures.found_value_start = excluded.found_value_start THEN 1 ELSE 2 END",
      figure.id, statement.id, static_cast<int>(figure.review_state), figure.indicator,
      figure.place, base::DaysSinceEpoch(figure.publish_date), citation.article, citation.block,
      citation.value_start, static_cast<int>(AnchorState::kValid), citation.block, citation.start,
      citation.value_start, DoubtOf(figure.confidence));
}

absl::Status StatementTable::RetractFigure(absl::string_view figure_id) {
  return connection_.Run("UPDATE figures SET retracted = 1 WHERE figure_id = ?", figure_id);
}

absl::Status StatementTable::BreakAnchors(absl::string_view article) {
  return connection_.Run(
      "UPDATE figures SET anchor = ?1 WHERE article = ?2 AND retracted = 1 AND anchor <> ?1",
      static_cast<int>(AnchorState::kBroken), article);
}

}  // namespace cityinfo::metrics
