#include "services/metrics/storage/vintage_table.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/id_list.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/stored_codes.h"

namespace cityinfo::metrics {

Vintage ReadVintage(const sql::Statement& row, int first) {
  Vintage vintage;
  vintage.number = row.ColumnInt64(first + 1);
  vintage.value.printed = row.ColumnString(first + 2);
  vintage.value.exact_value = row.ColumnString(first + 3);
  vintage.value.exact_value_high = row.ColumnString(first + 4);
  vintage.value.unit = row.ColumnString(first + 5);
  vintage.value.qualifier = QualifierFromCode(row.ColumnInt64(first + 6));
  vintage.publish_date = base::DateFromDays(row.ColumnInt64(first + 7));
  vintage.record_time = FromStored(row.ColumnInt64(first + 8));
  vintage.superseded_at = FromStored(row.ColumnInt64(first + 9));
  vintage.stage = static_cast<RevisionStage>(row.ColumnInt64(first + 10));
  vintage.superseded_reason = static_cast<SupersededReason>(row.ColumnInt64(first + 11));
  return vintage;
}

void AddBacking(const sql::Statement& row, int first, Vintage& vintage) {
  if (row.ColumnText(first + 1).empty()) {
    if (vintage.source.empty()) vintage.source = row.ColumnString(first);
    return;
  }
  vintage.citations.push_back({.article = row.ColumnString(first + 1),
                               .revision = row.ColumnInt64(first + 2),
                               .block = static_cast<int>(row.ColumnInt64(first + 3)),
                               .start = row.ColumnInt64(first + 4),
                               .end = row.ColumnInt64(first + 5),
                               .quote = row.ColumnString(first + 6),
                               .value_start = row.ColumnInt64(first + 7),
                               .value_end = row.ColumnInt64(first + 8),
                               .article_title = row.ColumnString(first + 9),
                               .publication = row.ColumnString(first + 10),
                               .publish_date = base::DateFromDays(row.ColumnInt64(first + 11)),
                               .page = row.ColumnString(first + 12)});
}

absl::StatusOr<VintageTable::StandingByObservation> VintageTable::LoadStanding(
    std::span<const std::int64_t> observations) {
  const std::string list = IdList(connection_.dialect(), observations);
  const std::string standing = absl::StrCat(
      " FROM ", IdTable(connection_.dialect()),
      " w CROSS JOIN vintages v WHERE v.observation_id = w.id AND v.superseded_at = ", kForever);
  StandingByObservation found;
  absl::flat_hash_map<std::int64_t, std::pair<std::int64_t, size_t>> places;
  {
    CITY_ASSIGN_OR_RETURN(sql::Statement query, connection_.Prepare(absl::StrCat(
                                                    "SELECT v.observation_id, ", kVintageColumns,
                                                    standing, " ORDER BY v.publish_day")));
    query.BindAll(list);
    CITY_RETURN_IF_ERROR(query.ForEach([&](sql::Statement& row) {
      Vintage vintage = ReadVintage(row, 1);
      std::vector<Standing>& vintages = found[row.ColumnInt64(0)];
      places[row.ColumnInt64(1)] = {row.ColumnInt64(0), vintages.size()};
      vintages.push_back({.id = row.ColumnInt64(1),
                          .value = std::move(vintage.value),
                          .publish_date = vintage.publish_date,
                          .stage = vintage.stage});
    }));
  }
  if (places.empty()) return found;
  CITY_ASSIGN_OR_RETURN(
      sql::Statement links,
      connection_.Prepare(absl::StrCat("SELECT l.vintage_id, l.statement_id FROM (SELECT "
                                       "v.vintage_id",
                                       standing,
                                       ") v CROSS JOIN vintage_statements l "
                                       "WHERE l.vintage_id = v.vintage_id AND l.superseded_at = ",
                                       kForever)));
  links.BindAll(list);
  CITY_RETURN_IF_ERROR(links.ForEach([&](sql::Statement& row) {
    const auto& [observation, place] = places[row.ColumnInt64(0)];
    found[observation][place].statements.push_back(row.ColumnInt64(1));
  }));
  return found;
}

absl::StatusOr<std::int64_t> VintageTable::Add(std::int64_t observation_id,
                                               const ChosenVintage& chosen, absl::Time now) {
  return connection_.QueryInt64(
      "INSERT INTO vintages (observation_id, number, printed, exact_value, exact_value_high, unit, "
      "qualifier, publish_day, record_from, superseded_at, stage) VALUES (?1, "
      "(SELECT coalesce(max(number), 0) + 1 FROM vintages WHERE observation_id = ?1), "
      "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING vintage_id",
      observation_id, chosen.value.printed, chosen.value.exact_value, chosen.value.exact_value_high,
      chosen.value.unit, StoredCode(chosen.value.qualifier),
      base::DaysSinceEpoch(chosen.publish_date), ToStored(now), kForever,
      static_cast<int>(chosen.stage));
}

absl::Status VintageTable::Supersede(std::int64_t vintage_id, SupersededReason reason,
                                     absl::Time now) {
  CITY_RETURN_IF_ERROR(connection_.Run(
      "UPDATE vintages SET superseded_at = ?, superseded_reason = ? WHERE vintage_id = ?",
      ToStored(now), static_cast<int>(reason), vintage_id));
  return connection_.Run(
      "UPDATE vintage_statements SET superseded_at = ? WHERE vintage_id = ? AND superseded_at = ?",
      ToStored(now), vintage_id, kForever);
}

absl::StatusOr<bool> VintageTable::Link(std::int64_t vintage_id,
                                        const std::vector<std::int64_t>& linked,
                                        const std::vector<std::int64_t>& statements,
                                        absl::Time now) {
  const auto contains = [](const std::vector<std::int64_t>& ids, std::int64_t id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  bool changed = false;
  for (const std::int64_t id : linked) {
    if (contains(statements, id)) continue;
    changed = true;
    CITY_RETURN_IF_ERROR(
        connection_.Run("UPDATE vintage_statements SET superseded_at = ? "
                        "WHERE vintage_id = ? AND statement_id = ? AND superseded_at = ?",
                        ToStored(now), vintage_id, id, kForever));
  }
  for (const std::int64_t id : statements) {
    if (contains(linked, id)) continue;
    changed = true;
    CITY_RETURN_IF_ERROR(connection_.Run("INSERT INTO vintage_statements VALUES (?, ?, ?, ?)",
                                         vintage_id, id, ToStored(now), kForever));
  }
  return changed;
}

absl::StatusOr<ReconciledObservation> VintageTable::Reconcile(
    std::int64_t observation_id, const std::vector<Standing>& standing,
    const std::vector<ChosenVintage>& chosen, WhySuperseded why, absl::Time now) {
  ReconciledObservation result;
  if (!standing.empty()) result.vintage_id = standing.back().id;
  std::vector<const Standing*> kept(chosen.size(), nullptr);
  for (const Standing& vintage : standing) {
    const auto same = std::find_if(chosen.begin(), chosen.end(), [&](const ChosenVintage& next) {
      return vintage.publish_date == next.publish_date && vintage.value == next.value &&
             vintage.stage == next.stage;
    });
    if (same != chosen.end()) {
      kept[static_cast<size_t>(same - chosen.begin())] = &vintage;
      continue;
    }
    result.changed = true;
    CITY_RETURN_IF_ERROR(Supersede(vintage.id, why(vintage), now));
  }
  for (size_t i = 0; i < chosen.size(); ++i) {
    std::vector<std::int64_t> linked;
    if (kept[i] != nullptr) {
      result.vintage_id = kept[i]->id;
      linked = kept[i]->statements;
    } else {
      CITY_ASSIGN_OR_RETURN(result.vintage_id, Add(observation_id, chosen[i], now));
    }
    CITY_ASSIGN_OR_RETURN(const bool relinked,
                          Link(result.vintage_id, linked, chosen[i].statements, now));
    result.changed = result.changed || relinked;
  }
  result.retracted = chosen.empty();
  return result;
}

absl::StatusOr<std::vector<Vintage>> VintageTable::Load(std::span<const std::int64_t> ids,
                                                        absl::Time moment) {
  absl::flat_hash_map<std::int64_t, Vintage> found;
  {
    CITY_ASSIGN_OR_RETURN(sql::Statement query,
                          connection_.Prepare(absl::StrCat(
                              "SELECT ", kVintageColumns, " FROM ", IdTable(connection_.dialect()),
                              " w CROSS JOIN vintages v WHERE v.vintage_id = w.id")));
    query.BindAll(IdList(connection_.dialect(), ids));
    CITY_RETURN_IF_ERROR(query.ForEach(
        [&](sql::Statement& row) { found[row.ColumnInt64(0)] = ReadVintage(row, 0); }));
  }
  absl::flat_hash_map<std::int64_t, Vintage*> uncited;
  for (auto& [id, vintage] : found) uncited[id] = &vintage;
  CITY_RETURN_IF_ERROR(LoadBacking(uncited, ToStored(moment), std::nullopt));
  std::vector<Vintage> vintages;
  for (const std::int64_t id : ids) {
    const auto vintage = found.find(id);
    if (vintage == found.end()) return base::DataLoss("STORE_CORRUPT", "a vintage is missing");
    vintages.push_back(vintage->second);
  }
  return vintages;
}

absl::Status VintageTable::LoadBacking(const absl::flat_hash_map<std::int64_t, Vintage*>& vintages,
                                       std::int64_t moment,
                                       const std::optional<base::Date>& published) {
  if (vintages.empty()) return absl::OkStatus();
  std::vector<std::int64_t> ids;
  for (const auto& [id, vintage] : vintages) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      connection_.Prepare(absl::StrCat(
          "SELECT l.vintage_id, ", kBackingColumns, " FROM ", IdTable(connection_.dialect()),
          " w CROSS JOIN vintage_statements l CROSS JOIN statements s "
          "WHERE l.vintage_id = w.id AND l.record_from <= ?2 AND l.superseded_at > ?2 "
          "AND s.statement_id = l.statement_id AND s.publish_day <= ?3 ORDER BY l.vintage_id, ",
          kBackingOrder)));
  query.BindAll(IdList(connection_.dialect(), ids), moment,
                published.has_value() ? base::DaysSinceEpoch(*published)
                                      : std::numeric_limits<std::int64_t>::max());
  return query.ForEach(
      [&](sql::Statement& row) { AddBacking(row, 1, *vintages.at(row.ColumnInt64(0))); });
}

absl::StatusOr<std::vector<Vintage>> VintageTable::LoadHistory(std::int64_t observation_id) {
  std::vector<Vintage> history;
  absl::flat_hash_map<std::int64_t, size_t> places;
  {
    CITY_ASSIGN_OR_RETURN(sql::Statement query, connection_.Prepare(absl::StrCat(
                                                    "SELECT ", kVintageColumns,
                                                    " FROM vintages v WHERE v.observation_id = ? "
                                                    "ORDER BY v.number DESC")));
    query.BindAll(observation_id);
    CITY_RETURN_IF_ERROR(query.ForEach([&](sql::Statement& row) {
      places[row.ColumnInt64(0)] = history.size();
      history.push_back(ReadVintage(row, 0));
    }));
  }
  CITY_ASSIGN_OR_RETURN(
      sql::Statement backing,
      connection_.Prepare(
          absl::StrCat("SELECT l.vintage_id, ", kBackingColumns,
                       " FROM vintages v CROSS JOIN vintage_statements l CROSS JOIN statements s "
                       "WHERE v.observation_id = ? AND l.vintage_id = v.vintage_id "
                       "AND l.record_from < v.superseded_at AND l.superseded_at >= v.superseded_at "
                       "AND s.statement_id = l.statement_id ORDER BY l.vintage_id, ",
                       kBackingOrder)));
  backing.BindAll(observation_id);
  CITY_RETURN_IF_ERROR(backing.ForEach(
      [&](sql::Statement& row) { AddBacking(row, 1, history[places.at(row.ColumnInt64(0))]); }));
  MarkReplaced(history);
  return history;
}

}  // namespace cityinfo::metrics
