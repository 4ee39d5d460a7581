#include "services/metrics/storage/vintage_table.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/stored_codes.h"

namespace cityinfo::metrics {

Vintage ReadVintage(const sqlite::Statement& row, int first) {
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
  return vintage;
}

absl::StatusOr<std::vector<VintageTable::Standing>> VintageTable::LoadStanding(
    std::int64_t observation_id) {
  CITY_ASSIGN_OR_RETURN(
      sqlite::Statement query,
      connection_.Prepare(absl::StrCat("SELECT ", kVintageColumns,
                                       " FROM vintages v WHERE v.observation_id = ? "
                                       "AND v.superseded_at = ? ORDER BY v.publish_day")));
  std::vector<Standing> standing;
  query.BindAll(observation_id, kForever);
  CITY_RETURN_IF_ERROR(query.ForEach([&](sqlite::Statement& row) {
    Vintage vintage = ReadVintage(row, 0);
    standing.push_back({.id = row.ColumnInt64(0),
                        .value = std::move(vintage.value),
                        .publish_date = vintage.publish_date});
  }));
  return standing;
}

absl::StatusOr<std::int64_t> VintageTable::Add(std::int64_t observation_id,
                                               const ChosenVintage& chosen, absl::Time now) {
  CITY_RETURN_IF_ERROR(connection_.Run(
      "INSERT INTO vintages (observation_id, number, printed, exact_value, exact_value_high, unit, "
      "qualifier, publish_day, record_from, superseded_at) "
      "SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 "
      "FROM vintages WHERE observation_id = ?1",
      observation_id, chosen.value.printed, chosen.value.exact_value, chosen.value.exact_value_high,
      chosen.value.unit, StoredCode(chosen.value.qualifier),
      base::DaysSinceEpoch(chosen.publish_date), ToStored(now), kForever));
  return connection_.LastInsertRowId();
}

absl::Status VintageTable::Supersede(std::int64_t vintage_id, absl::Time now) {
  CITY_RETURN_IF_ERROR(connection_.Run("UPDATE vintages SET superseded_at = ? WHERE vintage_id = ?",
                                       ToStored(now), vintage_id));
  return connection_.Run(
      "UPDATE vintage_statements SET superseded_at = ? WHERE vintage_id = ? AND superseded_at = ?",
      ToStored(now), vintage_id, kForever);
}

absl::StatusOr<bool> VintageTable::Link(std::int64_t vintage_id,
                                        const std::vector<std::int64_t>& statements,
                                        absl::Time now) {
  std::vector<std::int64_t> linked;
  {
    CITY_ASSIGN_OR_RETURN(sqlite::Statement query,
                          connection_.Prepare("SELECT statement_id FROM vintage_statements "
                                              "WHERE vintage_id = ? AND superseded_at = ?"));
    query.BindAll(vintage_id, kForever);
    CITY_RETURN_IF_ERROR(
        query.ForEach([&](sqlite::Statement& row) { linked.push_back(row.ColumnInt64(0)); }));
  }
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
    std::int64_t observation_id, const std::vector<ChosenVintage>& chosen, absl::Time now) {
  CITY_ASSIGN_OR_RETURN(std::vector<Standing> standing, LoadStanding(observation_id));
  ReconciledObservation result;
  if (!standing.empty()) result.vintage_id = standing.back().id;
  std::vector<std::int64_t> rows(chosen.size(), 0);
  for (size_t i = 0; i < chosen.size(); ++i) {
    for (Standing& vintage : standing) {
      if (vintage.publish_date == chosen[i].publish_date && vintage.value == chosen[i].value) {
        vintage.kept = true;
        rows[i] = vintage.id;
      }
    }
  }
  for (const Standing& vintage : standing) {
    if (vintage.kept) continue;
    result.changed = true;
    CITY_RETURN_IF_ERROR(Supersede(vintage.id, now));
  }
  for (size_t i = 0; i < chosen.size(); ++i) {
    if (rows[i] == 0) {
      CITY_ASSIGN_OR_RETURN(rows[i], Add(observation_id, chosen[i], now));
    }
    CITY_ASSIGN_OR_RETURN(const bool linked, Link(rows[i], chosen[i].statements, now));
    result.changed = result.changed || linked;
    result.vintage_id = rows[i];
  }
  result.retracted = chosen.empty();
  return result;
}

absl::StatusOr<Vintage> VintageTable::Load(std::int64_t vintage_id, absl::Time moment) {
  CITY_ASSIGN_OR_RETURN(sqlite::Statement query, connection_.Prepare(absl::StrCat(
                                                     "SELECT ", kVintageColumns,
                                                     " FROM vintages v WHERE v.vintage_id = ?")));
  CITY_ASSIGN_OR_RETURN(const bool found, query.BindAll(vintage_id).Step());
  if (!found) return base::DataLoss("STORE_CORRUPT", "a vintage is missing");
  Vintage vintage = ReadVintage(query, 0);
  CITY_RETURN_IF_ERROR(LoadBacking(vintage_id, ToStored(moment), std::nullopt, vintage));
  return vintage;
}

absl::Status VintageTable::LoadBacking(std::int64_t vintage_id, std::int64_t moment,
                                       const std::optional<base::Date>& published,
                                       Vintage& vintage) {
  CITY_ASSIGN_OR_RETURN(
      sqlite::Statement query,
      connection_.Prepare(
          "SELECT s.source, s.article, s.revision, s.block, s.quote_start, s.quote_end, s.quote, "
          "s.value_start, s.value_end, s.article_title, s.publication, s.publish_day, s.page "
          "FROM vintage_statements l JOIN statements s USING (statement_id) "
          "WHERE l.vintage_id = ? AND l.record_from <= ? AND l.superseded_at > ? "
          "AND s.publish_day <= ? "
          "ORDER BY s.confidence DESC, s.publish_day DESC, s.article, s.ordinal, s.source"));
  const std::int64_t last_day = published.has_value() ? base::DaysSinceEpoch(*published)
                                                      : std::numeric_limits<std::int64_t>::max();
  query.BindAll(vintage_id, moment, moment, last_day);
  return query.ForEach([&](sqlite::Statement& row) {
    if (row.ColumnText(1).empty()) {
      if (vintage.source.empty()) vintage.source = row.ColumnString(0);
      return;
    }
    vintage.citations.push_back({.article = row.ColumnString(1),
                                 .revision = row.ColumnInt64(2),
                                 .block = static_cast<int>(row.ColumnInt64(3)),
                                 .start = row.ColumnInt64(4),
                                 .end = row.ColumnInt64(5),
                                 .quote = row.ColumnString(6),
                                 .value_start = row.ColumnInt64(7),
                                 .value_end = row.ColumnInt64(8),
                                 .article_title = row.ColumnString(9),
                                 .publication = row.ColumnString(10),
                                 .publish_date = base::DateFromDays(row.ColumnInt64(11)),
                                 .page = row.ColumnString(12)});
  });
}

}  // namespace cityinfo::metrics
