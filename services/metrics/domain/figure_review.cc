#include "services/metrics/domain/figure_review.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/domain/decimal.h"
#include "services/metrics/domain/place_code.h"
#include "services/metrics/domain/unit_fit.h"

namespace cityinfo::metrics {
namespace {

absl::Status ReadSubject(const FigureAmendment& amendment, const Catalogue& catalogue,
                         FigureReading& reading) {
  if (!amendment.indicator.empty()) {
    if (catalogue.FindIndicator(amendment.indicator) == nullptr) {
      return base::InvalidArgument("amended.indicator", "is not an indicator of the catalogue",
                                   "UNKNOWN_INDICATOR");
    }
    reading.indicator = amendment.indicator;
  }
  if (!amendment.place.empty()) {
    const absl::StatusOr<std::string> place = NormalizePlaceCode(amendment.place);
    if (!place.ok()) {
      return base::InvalidArgument("amended.place", place.status().message(), "INVALID_PLACE");
    }
    if (catalogue.FindPlace(*place) == nullptr) {
      return base::InvalidArgument("amended.place", "is not a place of the catalogue",
                                   "UNKNOWN_PLACE");
    }
    reading.place = *place;
  }
  if (!amendment.period.empty()) {
    const absl::StatusOr<Period> period = Period::Parse(amendment.period);
    if (!period.ok()) {
      return base::InvalidArgument("amended.period", period.status().message(), "INVALID_PERIOD");
    }
    reading.period = *period;
  }
  return absl::OkStatus();
}

// Reads a decimal into its one canonical text; leaves it when there is none.
absl::Status ReadDecimal(const std::string& text, const char* field, std::string& canonical) {
  if (text.empty()) return absl::OkStatus();
  const absl::StatusOr<Decimal> value = Decimal::Parse(text);
  if (!value.ok()) {
    return base::InvalidArgument(field, value.status().message(), "INVALID_DECIMAL");
  }
  canonical = value->ToString();
  return absl::OkStatus();
}

// Both ends of a range, or one value and no upper end.
absl::Status CheckRange(const FigureAmendment& amendment, FigureReading& reading) {
  if (reading.qualifier != Qualifier::kRange) {
    if (!amendment.exact_value_high.empty()) {
      return base::InvalidArgument("amended.exact_value_high", "only a RANGE has an upper end",
                                   "NOT_A_RANGE");
    }
    reading.exact_value_high.clear();
    return absl::OkStatus();
  }
  if (reading.exact_value_high.empty()) {
    return base::InvalidArgument("amended.exact_value_high", "a RANGE needs its upper end",
                                 "REQUIRED");
  }
  CITY_ASSIGN_OR_RETURN(const Decimal low, Decimal::Parse(reading.exact_value));
  CITY_ASSIGN_OR_RETURN(const Decimal high, Decimal::Parse(reading.exact_value_high));
  if (high < low) {
    return base::InvalidArgument("amended.exact_value_high", "lies below exact_value",
                                 "INVALID_RANGE");
  }
  return absl::OkStatus();
}

absl::Status CheckUnit(const Catalogue& catalogue, FigureReading& reading) {
  reading.unit_fits = true;
  const Indicator* indicator = catalogue.FindIndicator(reading.indicator);
  // Without an indicator it backs no observation, in whatever unit.
  if (indicator == nullptr) return absl::OkStatus();
  const std::vector<std::string> units = UnitsOf(*indicator, reading.measure);
  if (std::find(units.begin(), units.end(), reading.unit) == units.end()) {
    return base::InvalidArgument(
        "amended.unit",
        absl::StrCat("\"", reading.unit, "\" does not do: ", ToString(reading.measure), " of ",
                     indicator->id, " is stated in \"", absl::StrJoin(units, "\", \""), "\""),
        "UNIT_MISMATCH");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FigureReading> Amend(const FigureReading& read, const FigureAmendment& amendment,
                                    const Catalogue& catalogue) {
  if (amendment == FigureAmendment()) {
    return base::InvalidArgument("amended", "says nothing to put right", "REQUIRED");
  }
  FigureReading reading = read;
  CITY_RETURN_IF_ERROR(ReadSubject(amendment, catalogue, reading));
  reading.measure = amendment.measure.value_or(read.measure);
  reading.kind = amendment.kind.value_or(read.kind);
  reading.qualifier = amendment.qualifier.value_or(read.qualifier);
  reading.stage = amendment.stage.value_or(read.stage);
  CITY_RETURN_IF_ERROR(
      ReadDecimal(amendment.exact_value, "amended.exact_value", reading.exact_value));
  CITY_RETURN_IF_ERROR(ReadDecimal(amendment.exact_value_high, "amended.exact_value_high",
                                   reading.exact_value_high));
  if (!amendment.unit.empty()) reading.unit = amendment.unit;
  CITY_RETURN_IF_ERROR(CheckRange(amendment, reading));
  CITY_RETURN_IF_ERROR(CheckUnit(catalogue, reading));
  return reading;
}

}  // namespace cityinfo::metrics
