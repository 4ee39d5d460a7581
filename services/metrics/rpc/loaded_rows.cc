#include "services/metrics/rpc/loaded_rows.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/base/utf8.h"
#include "services/metrics/domain/decimal.h"
#include "services/metrics/rpc/proto_values.h"
#include "services/metrics/rpc/request_fields.h"

namespace cityinfo::metrics {
namespace {

constexpr int kMaxSourceCodePoints = 200;
constexpr int kMaxPrintedCodePoints = 200;
constexpr int kMaxUnitCodePoints = 20;
constexpr size_t kMaxRequestId = 64;
// Of a value that is converted: with the factor's digits it stays exact.
constexpr size_t kMaxConvertedDigits = 40;

// The unit that exact values of this measure are in.
std::string UnitOf(Measure measure, const Indicator& indicator) {
  switch (measure) {
    case Measure::kLevel:
      return indicator.base_unit;
    case Measure::kYoyGrowth:
    case Measure::kAverageGrowth:
    case Measure::kShare:
      return "%";
    default:
      return "";
  }
}

// The unit a row's numbers are in, as one of `base_unit`; an error on the field when it is none.
absl::StatusOr<Unit> ReadUnit(const std::string& unit, const std::string& base_unit,
                              const Catalogue& catalogue, const std::string& field) {
  if (unit.empty() || unit == base_unit) {
    return Unit{.text = base_unit, .base_unit = base_unit, .factor = Decimal::FromInteger(1)};
  }
  std::optional<Unit> known = catalogue.ResolveUnit(unit);
  if (known.has_value() && known->base_unit == base_unit) return *std::move(known);
  return base::InvalidArgument(field,
                               absl::StrCat("values are in ",
                                            base_unit.empty() ? "no unit"
                                                              : absl::StrCat(Quoted(base_unit),
                                                                             " or what is "
                                                                             "made of it"),
                                            ", not in ", Quoted(unit)),
                               "WRONG_UNIT");
}

// Of a change: points, or an amount.
absl::StatusOr<Unit> ReadChangeUnit(const std::string& unit, const Catalogue& catalogue,
                                    const std::string& field) {
  if (std::optional<Unit> known = catalogue.ResolveUnit(unit)) return *std::move(known);
  if (base::CountCodePoints(unit) > kMaxUnitCodePoints) {
    return base::InvalidArgument(field, "is longer than 20 code points", "TOO_LONG");
  }
  return Unit{.text = unit, .base_unit = unit, .factor = Decimal::FromInteger(1)};
}

struct Number {
  std::string given;  // canonical, in the unit that came
  std::string exact;  // in the base unit
};

absl::StatusOr<Number> ReadNumber(const std::string& text, const Unit& unit,
                                  const std::string& field) {
  if (text.empty()) return base::InvalidArgument(field, "is required", "REQUIRED");
  const absl::StatusOr<Decimal> decimal = Decimal::Parse(text);
  if (!decimal.ok()) {
    return base::InvalidArgument(field, decimal.status().message(), "INVALID_DECIMAL");
  }
  Number number{.given = decimal->ToString()};
  if (unit.text == unit.base_unit) {
    number.exact = number.given;
    return number;
  }
  if (text.size() > kMaxConvertedDigits) {
    return base::InvalidArgument(
        field, absl::StrCat("has more digits than can be converted from ", Quoted(unit.text)),
        "INVALID_DECIMAL");
  }
  number.exact = decimal->Times(unit.factor).ToString();
  return number;
}

absl::StatusOr<StatedValue> ReadValue(const v1::Observation& row, Measure measure,
                                      const Indicator& indicator, const Catalogue& catalogue,
                                      const std::string& at) {
  const std::string unit_field = at + "unit";
  CITY_ASSIGN_OR_RETURN(const Unit unit, measure == Measure::kChange
                                             ? ReadChangeUnit(row.unit(), catalogue, unit_field)
                                             : ReadUnit(row.unit(), UnitOf(measure, indicator),
                                                        catalogue, unit_field));
  CITY_ASSIGN_OR_RETURN(const Number number,
                        ReadNumber(row.exact_value(), unit, at + "exact_value"));
  StatedValue value{.exact_value = number.exact, .unit = unit.base_unit};
  if (row.qualifier() != v1::QUALIFIER_UNSPECIFIED) {
    const std::optional<Qualifier> qualifier = FromProto(row.qualifier());
    if (!qualifier.has_value()) {
      return base::InvalidArgument(at + "qualifier", "is not one of its values", "INVALID_ENUM");
    }
    value.qualifier = *qualifier;
  }
  std::string printed = number.given;
  if (value.qualifier == Qualifier::kRange) {
    CITY_ASSIGN_OR_RETURN(const Number high,
                          ReadNumber(row.exact_value_high(), unit, at + "exact_value_high"));
    value.exact_value_high = high.exact;
    absl::StrAppend(&printed, "—", high.given);
  } else if (!row.exact_value_high().empty()) {
    return base::InvalidArgument(at + "exact_value_high", "is only allowed with qualifier RANGE");
  }
  if (base::CountCodePoints(row.printed()) > kMaxPrintedCodePoints) {
    return base::InvalidArgument(at + "printed", "is longer than 200 code points", "TOO_LONG");
  }
  value.printed = row.printed().empty() ? absl::StrCat(printed, unit.text) : row.printed();
  return value;
}

absl::Status CheckRequestId(const std::string& request_id) {
  const bool printable = std::all_of(request_id.begin(), request_id.end(),
                                     [](char c) { return c > 0x20 && c < 0x7f; });
  if (request_id.size() <= kMaxRequestId && printable) return absl::OkStatus();
  return base::InvalidArgument("request_id",
                               "must be 1 to 64 printable ASCII characters without spaces",
                               "INVALID_REQUEST_ID");
}

}  // namespace

absl::StatusOr<LoadedValue> ReadLoadedRow(const v1::Observation& row, const Catalogue& catalogue,
                                          const std::string& at) {
  LoadedValue loaded;
  CITY_ASSIGN_OR_RETURN(loaded.key.indicator,
                        ReadIndicator(row.indicator(), catalogue, at + "indicator"));
  CITY_ASSIGN_OR_RETURN(loaded.key.place, ReadPlace(row.place(), catalogue, at + "place"));
  const std::optional<Measure> measure = FromProto(row.measure());
  if (!measure.has_value()) return base::InvalidArgument(at + "measure", "is required", "REQUIRED");
  const std::optional<Kind> kind = FromProto(row.kind());
  if (!kind.has_value()) return base::InvalidArgument(at + "kind", "is required", "REQUIRED");
  loaded.key.measure = *measure;
  loaded.key.kind = *kind;
  CITY_ASSIGN_OR_RETURN(loaded.key.period, ReadPeriod(row.period(), at + "period"));
  CITY_ASSIGN_OR_RETURN(
      loaded.value,
      ReadValue(row, *measure, *catalogue.FindIndicator(loaded.key.indicator), catalogue, at));
  if (row.stage() != v1::REVISION_STAGE_UNSPECIFIED) {
    const std::optional<RevisionStage> stage = FromProto(row.stage());
    if (!stage.has_value()) {
      return base::InvalidArgument(at + "stage", "is not one of its values", "INVALID_ENUM");
    }
    loaded.stage = *stage;
  }
  CITY_ASSIGN_OR_RETURN(loaded.publish_date, ReadDate(row.publish_date(), at + "publish_date"));
  return loaded;
}

absl::Status CheckSource(absl::string_view source) {
  if (source.empty()) return base::InvalidArgument("source", "is required", "REQUIRED");
  if (base::CountCodePoints(source) > kMaxSourceCodePoints) {
    return base::InvalidArgument("source", "is longer than 200 code points", "TOO_LONG");
  }
  return absl::OkStatus();
}

absl::StatusOr<LoadedBatch> ReadBatch(const v1::RecordObservationsRequest& request,
                                      const Catalogue& catalogue) {
  if (request.observations().empty() || request.observations_size() > kMaxLoadedRows) {
    return base::InvalidArgument(
        "observations",
        absl::StrCat("must be 1 to ", kMaxLoadedRows, ", not ", request.observations_size()));
  }
  CITY_RETURN_IF_ERROR(CheckSource(request.source()));
  CITY_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  LoadedBatch batch{.source = request.source(),
                    .request_id = request.request_id(),
                    .validate_only = request.validate_only()};
  std::string text = request.source();
  std::set<std::string> seen;
  for (int i = 0; i < request.observations_size(); ++i) {
    const std::string at = absl::StrCat("observations[", i, "]");
    CITY_ASSIGN_OR_RETURN(LoadedValue row,
                          ReadLoadedRow(request.observations(i), catalogue, at + "."));
    const std::string id = absl::StrCat(row.key.ToId(), "@", base::FormatDate(row.publish_date));
    if (!seen.insert(id).second) {
      return base::InvalidArgument(at,
                                   "says a second time what an earlier row says: the same key "
                                   "and publish_date",
                                   "DUPLICATE_ROW");
    }
    absl::StrAppend(&text, "\n", id, "|", row.value.printed, "|", row.value.exact_value, "|",
                    row.value.exact_value_high, "|", row.value.unit, "|",
                    ToString(row.value.qualifier));
    if (row.stage != RevisionStage::kNone) {
      absl::StrAppend(&text, "|", static_cast<int>(row.stage));
    }
    batch.values.push_back(std::move(row));
  }
  batch.digest = base::Sha256Hex(text);
  return batch;
}

v1::Observation RecordedToProto(const Observation& observation, const Catalogue& catalogue) {
  v1::Observation message = ToProto(observation, catalogue);
  if (observation.vintage.record_time == absl::InfinitePast()) message.clear_record_time();
  return message;
}

}  // namespace cityinfo::metrics
