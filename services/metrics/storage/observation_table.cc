#include "services/metrics/storage/observation_table.h"

#include <string>

#include "platform/base/error.h"
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
      sqlite::Statement find,
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
  CITY_RETURN_IF_ERROR(
      connection_.Run("INSERT INTO observations (series_id, period_last, period_first, period) "
                      "SELECT series_id, ?, ?, ? FROM series "
                      "WHERE indicator = ? AND place = ? AND measure = ? AND kind = ?",
                      LastDayNumber(key.period), FirstDayNumber(key.period), key.period.ToString(),
                      key.indicator, key.place, StoredCode(key.measure), StoredCode(key.kind)));
  return connection_.LastInsertRowId();
}

absl::StatusOr<ObservationKey> ObservationTable::KeyOf(std::int64_t observation_id) {
  CITY_ASSIGN_OR_RETURN(
      sqlite::Statement find,
      connection_.Prepare("SELECT indicator, place, measure, kind, period FROM observations "
                          "JOIN series USING (series_id) WHERE observation_id = ?"));
  CITY_ASSIGN_OR_RETURN(const bool found, find.BindAll(observation_id).Step());
  if (!found) return base::DataLoss("STORE_CORRUPT", "an observation has no key");
  CITY_ASSIGN_OR_RETURN(const Period period, Period::Parse(find.ColumnText(4)));
  return ObservationKey{.indicator = find.ColumnString(0),
                        .place = find.ColumnString(1),
                        .measure = MeasureFromCode(find.ColumnInt64(2)),
                        .kind = KindFromCode(find.ColumnInt64(3)),
                        .period = period};
}

}  // namespace cityinfo::metrics
