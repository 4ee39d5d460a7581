#pragma once

#include <string>

#include "cityinfo/metrics/v1/observation.pb.h"

namespace cityinfo::gateway {

// Observations as an SDMX-CSV 2.0 data message (labels=id, keys=none, timeFormat=original) of the
// dataflow CITYINFO:OBSERVATIONS(1.0.0), every row for information (ACTION I):
//
//   dimensions  INDICATOR, REF_AREA (GB/T 2260), MEASURE, KIND, TRANSFORMATION (LIN for published
//               values, or the units computed), FREQ, TIME_PERIOD (see sdmx_period.h)
//   measure     OBS_VALUE, the exact decimal in the base unit
//   attributes  UNIT_MEASURE (as the catalogue writes it), UNIT_MULT (always 0), OBS_STATUS (P for
//   a
//               first estimate, F for a forecast, else A), QUALIFIER, OBS_VALUE_HIGH (upper end of
//               a range), PUBLISH_DATE, VINTAGE, SOURCE_REF (the citing article)
//
// Nothing but codes, numbers, dates and names made here, so no text can run as a formula.
void WriteSdmxCsvHeader(std::string& out);
void WriteSdmxCsvRow(const metrics::v1::Observation& observation, std::string& out);

}  // namespace cityinfo::gateway
