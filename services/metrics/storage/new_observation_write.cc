#include "services/metrics/storage/new_observation_write.h"

#include <utility>

#include "platform/base/date.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/stored_codes.h"

namespace cityinfo::metrics {

absl::StatusOr<NewObservationWrite> NewObservationWrite::Prepare(
    sql::Connection& connection, LoadedStatementTable::Appender& statements, ChangeAppender& feed) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement vintage,
      connection.Prepare(
          "INSERT INTO vintages (vintage_id, observation_id, number, printed, exact_value, "
          "exact_value_high, unit, qualifier, publish_day, record_from, "
          "superseded_at, stage) VALUES "
          "(?, ?, 1, ?, ?, ?, ?, ?, ?, ?, 9223372036854775807, ?)"));
  CITY_ASSIGN_OR_RETURN(
      sql::Statement link,
      connection.Prepare("INSERT INTO vintage_statements VALUES (?, ?, ?, 9223372036854775807)"));
  return NewObservationWrite(statements, feed, std::move(vintage), std::move(link));
}

absl::Status NewObservationWrite::Add(const Rows& rows, absl::string_view name,
                                      absl::string_view source, const LoadedValue& loaded,
                                      int ordinal, absl::Time now) {
  CITY_RETURN_IF_ERROR(statements_.Add(rows.statement, name, source, loaded, rows.observation,
                                       ordinal, /*learned_at=*/now, now));
  const StatedValue& value = loaded.value;
  vintage_.BindAll(rows.vintage, rows.observation, value.printed, value.exact_value,
                   value.exact_value_high, value.unit, StoredCode(value.qualifier),
                   base::DaysSinceEpoch(loaded.publish_date), ToStored(now),
                   static_cast<int>(loaded.stage));
  CITY_RETURN_IF_ERROR(vintage_.Run());
  CITY_RETURN_IF_ERROR(link_.BindAll(rows.vintage, rows.statement, ToStored(now)).Run());
  return feed_.Append(rows.observation, loaded.key.indicator,
                      {.changed = true, .vintage_id = rows.vintage}, now);
}

}  // namespace cityinfo::metrics
