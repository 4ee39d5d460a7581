#include "services/metrics/storage/observation_table.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/id_list.h"
#include "services/metrics/storage/row_numbers.h"
#include "services/metrics/storage/stored_codes.h"

namespace cityinfo::metrics {

std::int64_t FirstDayNumber(const Period& period) {
  return period.first_day() - absl::CivilDay(1970, 1, 1);
}

std::int64_t LastDayNumber(const Period& period) {
  return period.last_day() - absl::CivilDay(1970, 1, 1);
}

absl::StatusOr<std::int64_t> ObservationTable::Find(const ObservationKey& key) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement find,
      connection_.Prepare("SELECT observation_id FROM observations JOIN series USING (series_id) "
                          "WHERE indicator = ? AND place = ? AND measure = ? AND kind = ? "
                          "AND period_last = ? AND period_first = ? AND period = ?"));
  CITY_ASSIGN_OR_RETURN(
      const bool found,
      find.BindAll(key.indicator, key.place, StoredCode(key.measure), StoredCode(key.kind),
                   LastDayNumber(key.period), FirstDayNumber(key.period), key.period.ToString())
          .Step());
  return found ? find.ColumnInt64(0) : 0;
}

absl::StatusOr<std::int64_t> ObservationTable::FindOrAdd(const ObservationKey& key) {
  CITY_ASSIGN_OR_RETURN(const std::int64_t known, Find(key));
  if (known != 0) return known;
  CITY_RETURN_IF_ERROR(
      connection_.Run("INSERT INTO series (indicator, place, measure, kind) VALUES (?, ?, ?, ?) "
                      "ON CONFLICT DO NOTHING",
                      key.indicator, key.place, StoredCode(key.measure), StoredCode(key.kind)));
  return connection_.QueryInt64(
      "INSERT INTO observations (series_id, period_last, period_first, period) "
      "SELECT series_id, ?, ?, ? FROM series "
      "WHERE indicator = ? AND place = ? AND measure = ? AND kind = ? RETURNING observation_id",
      LastDayNumber(key.period), FirstDayNumber(key.period), key.period.ToString(), key.indicator,
      key.place, StoredCode(key.measure), StoredCode(key.kind));
}

absl::StatusOr<ObservationTable::SeriesRows> ObservationTable::FindOrAddSeries(
    std::span<const ObservationKey* const> keys) {
  CITY_ASSIGN_OR_RETURN(sql::Statement find,
                        connection_.Prepare("SELECT series_id FROM series WHERE indicator = ? "
                                            "AND place = ? AND measure = ? AND kind = ?"));
  CITY_ASSIGN_OR_RETURN(sql::Statement add,
                        connection_.Prepare("INSERT INTO series (indicator, place, measure, kind) "
                                            "VALUES (?, ?, ?, ?) RETURNING series_id"));
  using Series = std::tuple<absl::string_view, absl::string_view, Measure, Kind>;
  absl::flat_hash_map<Series, std::int64_t> rows;
  SeriesRows all;
  for (const ObservationKey* key : keys) {
    std::int64_t& row = rows[Series(key->indicator, key->place, key->measure, key->kind)];
    if (row == 0) {
      find.BindAll(key->indicator, key->place, StoredCode(key->measure), StoredCode(key->kind));
      CITY_ASSIGN_OR_RETURN(const bool found, find.Step());
      if (found) {
        row = find.ColumnInt64(0);
        all.known.push_back(row);
      } else {
        add.BindAll(key->indicator, key->place, StoredCode(key->measure), StoredCode(key->kind));
        CITY_ASSIGN_OR_RETURN(const bool added, add.Step());
        if (!added) return base::DataLoss("STORE_CORRUPT", "an insert gave no row");
        row = add.ColumnInt64(0);
        add.Reset();
      }
      find.Reset();
    }
    all.of_keys.push_back(row);
  }
  return all;
}

absl::StatusOr<std::vector<ObservationTable::KeyRow>> ObservationTable::FindOrAddAll(
    std::span<const ObservationKey* const> keys) {
  CITY_ASSIGN_OR_RETURN(const SeriesRows series, FindOrAddSeries(keys));
  // What is there of these series, between the first and the last period asked for.
  absl::flat_hash_map<std::pair<std::int64_t, std::string>, std::int64_t> known;
  if (!series.known.empty()) {
    std::int64_t first = LastDayNumber(keys[0]->period);
    std::int64_t last = first;
    for (const ObservationKey* key : keys) {
      first = std::min(first, LastDayNumber(key->period));
      last = std::max(last, LastDayNumber(key->period));
    }
    CITY_ASSIGN_OR_RETURN(
        sql::Statement query,
        connection_.Prepare(absl::StrCat("SELECT o.observation_id, o.series_id, o.period FROM ",
                                         IdTable(connection_.dialect()),
                                         " w CROSS JOIN observations o WHERE o.series_id = w.id "
                                         "AND o.period_last >= ?2 AND o.period_last <= ?3")));
    query.BindAll(IdList(connection_.dialect(), series.known), first, last);
    CITY_RETURN_IF_ERROR(query.ForEach([&](sql::Statement& row) {
      known[{row.ColumnInt64(1), row.ColumnString(2)}] = row.ColumnInt64(0);
    }));
  }
  CITY_ASSIGN_OR_RETURN(std::int64_t next,
                        DrawRowNumbers(connection_, "observations", "observation_id",
                                       static_cast<std::int64_t>(keys.size())));
  CITY_ASSIGN_OR_RETURN(
      sql::Statement add,
      connection_.Prepare("INSERT INTO observations (observation_id, series_id, period_last, "
                          "period_first, period) VALUES (?, ?, ?, ?, ?)"));
  std::vector<KeyRow> rows;
  rows.reserve(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    const Period& period = keys[i]->period;
    std::string text = period.ToString();
    if (!known.empty()) {
      const auto found = known.find(std::make_pair(series.of_keys[i], text));
      if (found != known.end()) {
        rows.push_back({.id = found->second});
        continue;
      }
    }
    add.BindAll(next, series.of_keys[i], LastDayNumber(period), FirstDayNumber(period), text);
    CITY_RETURN_IF_ERROR(add.Run());
    rows.push_back({.id = next++, .added = true});
  }
  return rows;
}

absl::StatusOr<ObservationKey> ReadKey(const sql::Statement& row, int first) {
  CITY_ASSIGN_OR_RETURN(const Period period, Period::Parse(row.ColumnText(first + 4)));
  return ObservationKey{.indicator = row.ColumnString(first),
                        .place = row.ColumnString(first + 1),
                        .measure = MeasureFromCode(row.ColumnInt64(first + 2)),
                        .kind = KindFromCode(row.ColumnInt64(first + 3)),
                        .period = period};
}

}  // namespace cityinfo::metrics
