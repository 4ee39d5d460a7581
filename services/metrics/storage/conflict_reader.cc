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
#include "services/metrics/storage/vintage_table.h"

namespace cityinfo::metrics {
namespace {

// Keys looked at for one page: most that are stated twice agree after rounding.
constexpr int kMaxLookedAt = 2000;
constexpr int kLookedAtOnce = 500;

struct Disputed {
  std::int64_t observation_id;
  ObservationKey key;
};

using StatedByObservation = absl::flat_hash_map<std::int64_t, std::vector<Observation>>;

// Observations after `after` that more than one article or source states, with more than one
// number.
absl::StatusOr<std::vector<Disputed>> FindDisputed(sql::Connection& connection,
                                                   const ConflictQuery& asked,
                                                   const std::optional<ObservationKey>& after,
                                                   int limit) {
  const auto text = [](const std::string& value) { return absl::string_view(value); };
  Parameters parameters;
  std::string where;
  if (!asked.indicators.empty()) {
    absl::StrAppend(&where, " AND r.indicator IN (", parameters.AddAll(asked.indicators, text),
                    ")");
  }
  if (!asked.places.empty()) {
    absl::StrAppend(&where, " AND r.place IN (", parameters.AddAll(asked.places, text), ")");
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
absl::StatusOr<StatedByObservation> ReadStatements(sql::Connection& connection,
                                                   const std::vector<std::int64_t>& ids) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      connection.Prepare(absl::StrCat(
          "SELECT ", StatementColumns(), " FROM ", IdTable(connection.dialect()),
          " w CROSS JOIN statements s WHERE s.observation_id = w.id AND s.superseded_at = ",
          kForever,
          " ORDER BY s.observation_id, s.publish_day DESC, s.learned_at DESC, s.confidence DESC, "
          "s.ordinal")));
  query.BindAll(IdList(connection.dialect(), ids));
  StatedByObservation stated;
  CITY_RETURN_IF_ERROR(query.ForEach([&](sql::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(StoredStatement statement, ReadStatement(row, 0));
    Observation observation;
    observation.vintage.value = std::move(statement.figure.value);
    observation.vintage.stage = statement.figure.stage;
    observation.vintage.publish_date = statement.figure.publish_date;
    observation.vintage.record_time = statement.figure.record_time;
    observation.vintage.stage = statement.figure.stage;
    observation.vintage.source = std::move(statement.source);
    if (!statement.figure.citation.article.empty()) {
      observation.vintage.citations.push_back(std::move(statement.figure.citation));
    }
    stated[statement.observation_id].push_back(std::move(observation));
    return absl::OkStatus();
  }));
  return stated;
}

// What the platform answers for these observations: the newest published vintage of each.
absl::StatusOr<absl::flat_hash_map<std::int64_t, Vintage>> ReadPreferred(
    sql::Connection& connection, const std::vector<std::int64_t>& ids) {
  VintageTable vintages(connection);
  CITY_ASSIGN_OR_RETURN(const VintageTable::StandingByObservation standing,
                        vintages.LoadStanding(ids));
  std::vector<std::int64_t> observations, rows;
  for (const auto& [observation, all] : standing) {
    if (all.empty()) continue;
    observations.push_back(observation);
    rows.push_back(all.back().id);
  }
  CITY_ASSIGN_OR_RETURN(std::vector<Vintage> loaded,
                        vintages.Load(rows, FromStored(LastMomentBefore(kForever))));
  absl::flat_hash_map<std::int64_t, Vintage> preferred;
  for (size_t i = 0; i < rows.size(); ++i) preferred[observations[i]] = std::move(loaded[i]);
  return preferred;
}

// Adds where `next` was stated to an observation that says the same.
void AddSources(Observation& same, Observation next) {
  for (Citation& citation : next.vintage.citations) {
    same.vintage.citations.push_back(std::move(citation));
  }
  if (next.vintage.source.empty()) return;
  absl::StrAppend(&same.vintage.source, same.vintage.source.empty() ? "" : "; ",
                  next.vintage.source);
}

// Whether the other value was replaced by a later round of accounting, as it was meant to be.
bool IsRevised(const Vintage& preferred, const Vintage& other) {
  return other.stage != RevisionStage::kNone && other.stage < preferred.stage;
}

// No others: everything stated agrees with what the platform answers.
Conflict ConflictOf(const ObservationKey& key, Vintage preferred, std::vector<Observation> stated) {
  Conflict conflict{.preferred = {.key = key, .vintage = std::move(preferred)}, .others = {}};
  for (Observation& next : stated) {
    const StatedValue& value = next.vintage.value;
    if (IsRevised(conflict.preferred.vintage, next.vintage) ||
        !Contradict(key.kind, conflict.preferred.vintage.value, value)) {
      continue;
    }
    next.key = key;
    const auto same = std::find_if(
        conflict.others.begin(), conflict.others.end(),
        [&](const Observation& other) { return other.vintage.value.SaysTheSameAs(value); });
    if (same == conflict.others.end()) {
      conflict.others.push_back(std::move(next));
    } else {
      AddSources(*same, std::move(next));
    }
  }
  return conflict;
}

}  // namespace

absl::StatusOr<ConflictPage> ReadConflicts(sql::Connection& connection,
                                           const ConflictQuery& query) {
  const size_t wanted = static_cast<size_t>(query.page_size);
  ConflictPage page;
  std::optional<ObservationKey> after = query.after;
  for (int looked_at = 0; looked_at < kMaxLookedAt; looked_at += kLookedAtOnce) {
    CITY_ASSIGN_OR_RETURN(const std::vector<Disputed> disputed,
                          FindDisputed(connection, query, after, kLookedAtOnce));
    if (disputed.empty()) return page;
    std::vector<std::int64_t> ids;
    for (const Disputed& observation : disputed) ids.push_back(observation.observation_id);
    CITY_ASSIGN_OR_RETURN(StatedByObservation stated, ReadStatements(connection, ids));
    CITY_ASSIGN_OR_RETURN(auto preferred, ReadPreferred(connection, ids));
    for (const Disputed& next : disputed) {
      const auto vintage = preferred.find(next.observation_id);
      if (vintage != preferred.end()) {
        Conflict conflict = ConflictOf(next.key, std::move(vintage->second),
                                       std::move(stated[next.observation_id]));
        if (!conflict.others.empty()) {
          if (page.conflicts.size() == wanted) {
            page.next = page.conflicts.back().preferred.key;
            return page;
          }
          page.conflicts.push_back(std::move(conflict));
        }
      }
      after = next.key;
    }
    if (disputed.size() < kLookedAtOnce) return page;
  }
  page.next = after;
  return page;
}

}  // namespace cityinfo::metrics
