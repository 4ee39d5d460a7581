#include "services/metrics/storage/conflict_reader.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/statement_table.h"
#include "services/metrics/storage/stored_codes.h"

namespace cityinfo::metrics {
namespace {

std::string InList(absl::string_view column, size_t count) {
  return absl::StrCat(" AND ", column, " IN (",
                      absl::StrJoin(std::vector<absl::string_view>(count, "?"), ", "), ")");
}

// Rows of observations that more than one article or source states, with more than one value.
absl::StatusOr<std::vector<std::int64_t>> FindDisputed(sqlite::Connection& connection,
                                                       const std::vector<std::string>& indicators,
                                                       const std::vector<std::string>& places,
                                                       const std::optional<ObservationKey>& after,
                                                       int limit) {
  std::string where;
  if (!indicators.empty()) where += InList("r.indicator", indicators.size());
  if (!places.empty()) where += InList("r.place", places.size());
  if (after.has_value()) {
    where +=
        " AND (r.indicator, r.place, r.measure, r.kind, o.period_last, o.period_first, o.period)"
        " > (?, ?, ?, ?, ?, ?, ?)";
  }
  CITY_ASSIGN_OR_RETURN(
      sqlite::Statement query,
      connection.Prepare(absl::StrCat(
          "SELECT o.observation_id FROM series r JOIN observations o USING (series_id) "
          "JOIN statements s USING (observation_id) "
          "WHERE s.superseded_at = 9223372036854775807 AND s.observation_id IS NOT NULL",
          where,
          " GROUP BY r.indicator, r.place, r.measure, r.kind, o.period_last, o.period_first, "
          "o.period"
          " HAVING count(DISTINCT s.exact_value || ' ' || s.exact_value_high || ' ' || s.unit) > 1"
          " AND count(DISTINCT s.article || ' ' || s.source) > 1"
          " ORDER BY r.indicator, r.place, r.measure, r.kind, o.period_last, o.period_first, "
          "o.period"
          " LIMIT ?")));
  int index = 0;
  for (const std::string& indicator : indicators) query.Bind(++index, indicator);
  for (const std::string& place : places) query.Bind(++index, place);
  if (after.has_value()) {
    query.Bind(++index, after->indicator);
    query.Bind(++index, after->place);
    query.Bind(++index, StoredCode(after->measure));
    query.Bind(++index, StoredCode(after->kind));
    query.Bind(++index, LastDayNumber(after->period));
    query.Bind(++index, FirstDayNumber(after->period));
    query.Bind(++index, after->period.ToString());
  }
  query.Bind(++index, limit);
  std::vector<std::int64_t> rows;
  CITY_RETURN_IF_ERROR(
      query.ForEach([&](sqlite::Statement& row) { rows.push_back(row.ColumnInt64(0)); }));
  return rows;
}

// The standing statements of one observation as observations of their own, newest first.
absl::StatusOr<std::vector<Observation>> ReadStatements(sqlite::Connection& connection,
                                                        const ObservationKey& key,
                                                        std::int64_t observation_id) {
  CITY_ASSIGN_OR_RETURN(
      sqlite::Statement query,
      connection.Prepare(absl::StrCat(
          "SELECT ", StatementColumns(),
          " FROM statements s WHERE s.observation_id = ? "
          "AND s.superseded_at = 9223372036854775807 "
          "ORDER BY s.publish_day DESC, s.learned_at DESC, s.confidence DESC, s.ordinal")));
  query.BindAll(observation_id);
  std::vector<Observation> observations;
  CITY_RETURN_IF_ERROR(query.ForEach([&](sqlite::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(StoredStatement statement, ReadStatement(row, 0));
    Observation observation{.key = key};
    observation.vintage.value = std::move(statement.figure.value);
    observation.vintage.publish_date = statement.figure.publish_date;
    observation.vintage.record_time = statement.figure.record_time;
    observation.vintage.source = std::move(statement.source);
    if (!statement.figure.citation.article.empty()) {
      observation.vintage.citations.push_back(std::move(statement.figure.citation));
    }
    observations.push_back(std::move(observation));
    return absl::OkStatus();
  }));
  return observations;
}

}  // namespace

absl::StatusOr<std::vector<Conflict>> ReadConflicts(sqlite::Connection& connection,
                                                    const std::vector<std::string>& indicators,
                                                    const std::vector<std::string>& places,
                                                    const std::optional<ObservationKey>& after,
                                                    int limit) {
  CITY_ASSIGN_OR_RETURN(const std::vector<std::int64_t> rows,
                        FindDisputed(connection, indicators, places, after, limit));
  std::vector<Conflict> conflicts;
  for (const std::int64_t row : rows) {
    CITY_ASSIGN_OR_RETURN(const ObservationKey key, ObservationTable(connection).KeyOf(row));
    CITY_ASSIGN_OR_RETURN(std::vector<Observation> stated, ReadStatements(connection, key, row));
    Conflict conflict;
    for (Observation& next : stated) {
      const auto says_the_same = [&](const Observation& other) {
        return other.vintage.value.SaysTheSameAs(next.vintage.value);
      };
      if (conflict.preferred.key.indicator.empty()) {
        conflict.preferred = std::move(next);
      } else if (!says_the_same(conflict.preferred) &&
                 std::none_of(conflict.others.begin(), conflict.others.end(), says_the_same)) {
        conflict.others.push_back(std::move(next));
      }
    }
    if (!conflict.others.empty()) conflicts.push_back(std::move(conflict));
  }
  return conflicts;
}

}  // namespace cityinfo::metrics
