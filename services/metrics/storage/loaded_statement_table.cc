#include "services/metrics/storage/loaded_statement_table.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/date.h"
#include "platform/base/digest.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/id_list.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/stored_codes.h"

namespace cityinfo::metrics {
namespace {

// What no loaded value has stands in the text: a value without a sentence pays for no sentence.
constexpr char kInsert[] =
    "INSERT INTO statements (statement_id, figure_id, observation_id, ordinal, source, indicator, "
    "indicator_text, place, measure, kind, period, printed, exact_value, exact_value_high, unit, "
    "qualifier, printed_unit, unit_fits, confidence, doubts, article, revision, block, "
    "quote_start, quote_end, quote, value_start, value_end, article_title, publication, page, "
    "publish_day, review_state, learned_at, record_from, superseded_at, stage) "
    "VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 1, 1, '', '', 0, 0, 0, 0, '', 0, "
    "0, '', "
    "'', '', ?, 1, ?, ?, 9223372036854775807, ?)";

}  // namespace

std::string LoadedStatementId(absl::string_view source, const LoadedValue& value) {
  return absl::StrCat("loaded-", base::Sha256Hex(absl::StrCat(source, "\n", value.key.ToId(), "\n",
                                                              base::FormatDate(value.publish_date)))
                                     .substr(0, 24));
}

absl::StatusOr<absl::flat_hash_map<std::string, LoadedStatement>>
LoadedStatementTable::LoadStanding(std::span<const std::string> names) {
  absl::flat_hash_map<std::string, LoadedStatement> standing;
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      connection_.Prepare(absl::StrCat(
          "SELECT s.figure_id, s.statement_id, s.printed, s.exact_value, s.exact_value_high, "
          "s.unit, s.qualifier, s.learned_at, s.ordinal, s.stage FROM ",
          NameTable(connection_.dialect()),
          " w CROSS JOIN statements s WHERE s.figure_id = w.name "
          "AND s.superseded_at = 9223372036854775807")));
  query.BindAll(NameList(connection_.dialect(), names));
  CITY_RETURN_IF_ERROR(query.ForEach([&](sql::Statement& row) {
    standing[row.ColumnString(0)] = {.id = row.ColumnInt64(1),
                                     .value = {.printed = row.ColumnString(2),
                                               .exact_value = row.ColumnString(3),
                                               .exact_value_high = row.ColumnString(4),
                                               .unit = row.ColumnString(5),
                                               .qualifier = QualifierFromCode(row.ColumnInt64(6))},
                                     .learned_at = FromStored(row.ColumnInt64(7)),
                                     .ordinal = static_cast<int>(row.ColumnInt64(8)),
                                     .stage = static_cast<RevisionStage>(row.ColumnInt64(9))};
  }));
  return standing;
}

absl::StatusOr<LoadedStatementTable::Appender> LoadedStatementTable::Appender::Prepare(
    sql::Connection& connection) {
  CITY_ASSIGN_OR_RETURN(sql::Statement insert, connection.Prepare(kInsert));
  return Appender(std::move(insert));
}

absl::Status LoadedStatementTable::Appender::Add(std::int64_t id, absl::string_view name,
                                                 absl::string_view source,
                                                 const LoadedValue& loaded,
                                                 std::int64_t observation_id, int ordinal,
                                                 absl::Time learned_at, absl::Time now) {
  const ObservationKey& key = loaded.key;
  const StatedValue& value = loaded.value;
  insert_.BindAll(id, name, observation_id, ordinal, source, key.indicator, key.place,
                  StoredCode(key.measure), StoredCode(key.kind), key.period.ToString(),
                  value.printed, value.exact_value, value.exact_value_high, value.unit,
                  StoredCode(value.qualifier), base::DaysSinceEpoch(loaded.publish_date),
                  ToStored(learned_at), ToStored(now), static_cast<int>(loaded.stage));
  return insert_.Run();
}

absl::Status LoadedStatementTable::Supersede(std::int64_t statement_id, absl::Time now) {
  return connection_.Run("UPDATE statements SET superseded_at = ? WHERE statement_id = ?",
                         ToStored(now), statement_id);
}

}  // namespace cityinfo::metrics
