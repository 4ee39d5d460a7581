#include "services/metrics/storage/conflict_reader.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/id_list.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/parameters.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/statement_table.h"
#include "services/metrics/storage/stored_codes.h"

namespace cityinfo::metrics {
namespace {

struct Disputed {
  std::int64_t observation_id;
  ObservationKey key;
};

// Observations that more than one article or source states, with more than one value.
absl::StatusOr<std::vector<Disputed>> FindDisputed(sql::Connection& connection,
                                                   const std::vector<std::string>& indicators,
                                                   const std::vector<std::string>& places,
                                                   const std::optional<ObservationKey>& after,
                                                   int limit) {
  const auto text = [](const std::string& value) { return absl::string_view(value); };
  Parameters parameters;
  std::string where;
  if (!indicators.empty()) {
    absl::StrAppend(&where, " AND r.indicator IN (", parameters.AddAll(indicators, text), ")");
  }
  if (!places.empty()) {
    absl::StrAppend(&where, " AND r.place IN (", parameters.AddAll(places, text), ")");
  }
  if (after.has_value()) {
    absl::StrAppend(&where, " AND (", kKeyOrder, ") > (", parameters.Add(after->indicator), ", ",
                    parameters.Add(after->place), ", ", parameters.Add(StoredCode(after->measure)),
                    ", ", parameters.Add(StoredCode(after->kind)), ", ",
                    parameters.Add(LastDayNumber(after->period)), ", ",
                    parameters.Add(FirstDayNumber(after->period)), ", ",
                    parameters.Add(after->period.ToString()), ")");
  }
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      connection.Prepare(absl::StrCat(
          "SELECT o.observation_id, ", kKeyColumns,
          " FROM series r CROSS JOIN observations o CROSS JOIN statements s "
          "WHERE o.series_id = r.series_id AND s.observation_id = o.observation_id "
          "AND s.superseded_at = ",
          kForever, " AND s.observation_id IS NOT NULL", where, " GROUP BY ", kKeyOrder,
          ", o.observation_id"
          " HAVING count(DISTINCT s.exact_value || ' ' || s.exact_value_high || ' ' || s.unit) > 1"
          " AND count(DISTINCT s.article || ' ' || s.source) > 1 ORDER BY ",
          kKeyOrder, " LIMIT ", parameters.Add(limit))));
  parameters.BindTo(query);
  std::vector<Disputed> disputed;
  CITY_RETURN_IF_ERROR(query.ForEach([&](sql::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(ObservationKey key, ReadKey(row, 1));
    disputed.push_back({.observation_id = row.ColumnInt64(0), .key = std::move(key)});
    return absl::OkStatus();
  }));
  return disputed;
}

// The standing statements of these observations as observations of their own, each observation's
// newest first.
absl::StatusOr<absl::flat_hash_map<std::int64_t, std::vector<Observation>>> ReadStatements(
    sql::Connection& connection, const std::vector<Disputed>& disputed) {
  std::vector<std::int64_t> ids;
  for (const Disputed& observation : disputed) ids.push_back(observation.observation_id);
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      connection.Prepare(absl::StrCat(
          "SELECT ", StatementColumns(), " FROM ", IdTable(connection.dialect()),
          " w CROSS JOIN statements s WHERE s.observation_id = w.id AND s.superseded_at = ",
          kForever,
          " ORDER BY s.observation_id, s.publish_day DESC, s.learned_at DESC, s.confidence DESC, "
          "s.ordinal")));
  query.BindAll(IdList(connection.dialect(), ids));
  absl::flat_hash_map<std::int64_t, std::vector<Observation>> stated;
  CITY_RETURN_IF_ERROR(query.ForEach([&](sql::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(StoredStatement statement, ReadStatement(row, 0));
    Observation observation;
    observation.vintage.value = std::move(statement.figure.value);
    observation.vintage.publish_date = statement.figure.publish_date;
    observation.vintage.record_time = statement.figure.record_time;
    observation.vintage.source = std::move(statement.source);
    if (!statement.figure.citation.article.empty()) {
      observation.vintage.citations.push_back(std::move(statement.figure.citation));
    }
    stated[statement.observation_id].push_back(std::move(observation));
    return absl::OkStatus();
  }));
  return stated;
}

// The preferred value and one of each other.
Conflict ConflictOf(const ObservationKey& key, std::vector<Observation> stated) {
  Conflict conflict;
  for (Observation& next : stated) {
    next.key = key;
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
  return conflict;
}

}  // namespace

absl::StatusOr<std::vector<Conflict>> ReadConflicts(sql::Connection& connection,
                                                    const std::vector<std::string>& indicators,
                                                    const std::vector<std::string>& places,
                                                    const std::optional<ObservationKey>& after,
                                                    int limit) {
  CITY_ASSIGN_OR_RETURN(const std::vector<Disputed> disputed,
                        FindDisputed(connection, indicators, places, after, limit));
  std::vector<Conflict> conflicts;
  if (disputed.empty()) return conflicts;
  CITY_ASSIGN_OR_RETURN(auto stated, ReadStatements(connection, disputed));
  for (const Disputed& observation : disputed) {
    Conflict conflict = ConflictOf(observation.key, std::move(stated[observation.observation_id]));
    if (!conflict.others.empty()) conflicts.push_back(std::move(conflict));
  }
  return conflicts;
}

}  // namespace cityinfo::metrics
