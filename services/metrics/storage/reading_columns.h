#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "platform/sql/statement.h"
#include "services/metrics/domain/figure_reading.h"

namespace cityinfo::metrics {

// What is read off a sentence, as the tables reviews and extracted_readings have it.

// From table alias "e", in the order of ReadReading; the last says whether the unit fits.
inline constexpr char kExtractedColumns[] =
    "e.indicator, e.place, e.measure, e.kind, e.period, e.exact_value, e.exact_value_high, e.unit, "
    "e.qualifier, e.stage, e.unit_fits";
// From reviews, alias "r". What an officer says always fits.
inline constexpr char kAmendedColumns[] =
    "r.indicator, r.place, r.measure, r.kind, r.period, r.exact_value, r.exact_value_high, r.unit, "
    "r.qualifier, r.stage, 1";

// Nothing when the columns are NULL.
absl::StatusOr<std::optional<FigureReading>> ReadReading(const sql::Statement& row, int first);

}  // namespace cityinfo::metrics
