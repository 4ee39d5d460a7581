#include "services/gateway/tables/observation_sdmx_csv.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/gateway/tables/csv_row.h"
#include "services/gateway/tables/sdmx_period.h"

namespace cityinfo::gateway {
namespace {

namespace mv1 = metrics::v1;

constexpr absl::string_view kColumns[] = {
    "STRUCTURE",      "STRUCTURE_ID", "ACTION",         "INDICATOR",  "REF_AREA",
    "MEASURE",        "KIND",         "TRANSFORMATION", "FREQ",       "TIME_PERIOD",
    "OBS_VALUE",      "UNIT_MEASURE", "UNIT_MULT",      "OBS_STATUS", "QUALIFIER",
    "OBS_VALUE_HIGH", "PUBLISH_DATE", "VINTAGE",        "SOURCE_REF"};

// By the code list CL_OBS_STATUS.
absl::string_view StatusOf(const mv1::Observation& observation) {
  if (observation.kind() == mv1::FORECAST) return "F";
  if (observation.stage() == mv1::PRELIMINARY) return "P";
  return "A";
}

}  // namespace

void WriteSdmxCsvHeader(std::string& out) {
  CsvRow row(out);
  for (const absl::string_view column : kColumns) row.Add(column);
  row.End();
}

void WriteSdmxCsvRow(const mv1::Observation& o, std::string& out) {
  const SdmxPeriod period = ToSdmxPeriod(o.period());
  const google::type::Date& day = o.publish_date();
  CsvRow row(out);
  row.Add("dataflow")
      .Add("CITYINFO:OBSERVATIONS(1.0.0)")
      .Add("I")
      .Add(o.indicator())
      .Add(o.place())
      .Add(mv1::Measure_Name(o.measure()))
      .Add(mv1::Kind_Name(o.kind()))
      .Add(o.computed() ? mv1::Units_Name(o.units()) : mv1::Units_Name(mv1::LIN))
      .Add(period.frequency)
      .Add(period.time_period)
      .Add(o.exact_value())
      .AddText(o.unit())
      .Add("0")
      .Add(StatusOf(o))
      .Add(mv1::Qualifier_Name(o.qualifier()))
      .Add(o.exact_value_high())
      .Add(day.year() == 0 ? ""
                           : absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day()))
      .Add(o.vintage() == 0 ? "" : absl::StrCat(o.vintage()))
      .Add(o.citations().empty() ? "" : o.citations(0).article());
  row.End();
}

}  // namespace cityinfo::gateway
