#include "services/metrics/storage/observation_table.h"

#include <string>

#include "platform/base/status_macros.h"
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

absl::StatusOr<ObservationKey> ReadKey(const sql::Statement& row, int first) {
  CITY_ASSIGN_OR_RETURN(const Period period, Period::Parse(row.ColumnText(first + 4)));
  return ObservationKey{.indicator = row.ColumnString(first),
                        .place = row.ColumnString(first + 1),
                        .measure = MeasureFromCode(row.ColumnInt64(first + 2)),
                        .kind = KindFromCode(row.ColumnInt64(first + 3)),
                        .period = period};
}

}  // namespace cityinfo::metrics
