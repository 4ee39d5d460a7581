#include "services/metrics/storage/reading_columns.h"

#include "platform/base/status_macros.h"
#include "services/metrics/storage/stored_codes.h"

namespace cityinfo::metrics {

absl::StatusOr<std::optional<FigureReading>> ReadReading(const sql::Statement& row, int first) {
  if (row.ColumnIsNull(first)) return std::nullopt;
  FigureReading reading{.indicator = row.ColumnString(first),
                        .place = row.ColumnString(first + 1),
                        .measure = MeasureFromCode(row.ColumnInt64(first + 2)),
                        .kind = KindFromCode(row.ColumnInt64(first + 3)),
                        .exact_value = row.ColumnString(first + 5),
                        .exact_value_high = row.ColumnString(first + 6),
                        .unit = row.ColumnString(first + 7),
                        .qualifier = QualifierFromCode(row.ColumnInt64(first + 8)),
                        .stage = static_cast<RevisionStage>(row.ColumnInt64(first + 9)),
                        .unit_fits = row.ColumnBool(first + 10)};
  if (!row.ColumnIsNull(first + 4)) {
    CITY_ASSIGN_OR_RETURN(reading.period, Period::Parse(row.ColumnText(first + 4)));
  }
  return reading;
}

}  // namespace cityinfo::metrics
