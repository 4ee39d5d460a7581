#include "services/metrics/rpc/observation_requests.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/page_token.h"
#include "platform/base/status_macros.h"
#include "platform/base/utf8.h"
#include "services/metrics/domain/decimal.h"
#include "services/metrics/rpc/observation_encoder.h"
#include "services/metrics/rpc/proto_values.h"
#include "services/metrics/rpc/request_fields.h"

namespace cityinfo::metrics {
namespace {

constexpr int kMaxBatch = 1000;
constexpr int kMaxSourceCodePoints = 200;
constexpr size_t kMaxRequestId = 64;

// The values of an enum filter; UNSPECIFIED among them means any, so it empties the filter.
template <typename Domain, typename Proto>
absl::StatusOr<std::vector<Domain>> ReadEnums(const google::protobuf::RepeatedField<int>& values,
                                              absl::string_view field) {
  std::vector<Domain> all;
  bool any = false;
  for (int i = 0; i < values.size(); ++i) {
    if (values.Get(i) == 0) {
      any = true;
      continue;
    }
    const std::optional<Domain> value = FromProto(static_cast<Proto>(values.Get(i)));
    if (!value.has_value()) {
      return base::InvalidArgument(absl::StrCat(field, "[", i, "]"),
                                   absl::StrCat(values.Get(i), " is not one of its values"),
                                   "INVALID_ENUM");
    }
    all.push_back(*value);
  }
  if (any) all.clear();
  return all;
}

absl::Status ReadPeriods(const v1::QueryObservationsRequest& request, ObservationQuery& query) {
  if (!request.period_from().empty()) {
    CITY_ASSIGN_OR_RETURN(query.period_from, ReadPeriod(request.period_from(), "period_from"));
  }
  if (!request.period_to().empty()) {
    CITY_ASSIGN_OR_RETURN(query.period_to, ReadPeriod(request.period_to(), "period_to"));
  }
  if (query.period_from.has_value() && query.period_to.has_value() &&
      query.period_to->last_day() < query.period_from->first_day()) {
    return base::InvalidArgument("period_to",
                                 absl::StrCat(request.period_to(), " ends before period_from, ",
                                              request.period_from(), ", begins"),
                                 "EMPTY_RANGE");
  }
  if (request.last_n() < 0) {
    return base::InvalidArgument("last_n", absl::StrCat(request.last_n(), " is negative"));
  }
  query.last_n = request.last_n();
  return absl::OkStatus();
}

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

absl::StatusOr<std::string> ReadDecimal(const std::string& text, const std::string& field) {
  if (text.empty()) return base::InvalidArgument(field, "is required", "REQUIRED");
  const absl::StatusOr<Decimal> decimal = Decimal::Parse(text);
  if (!decimal.ok()) {
    return base::InvalidArgument(field, decimal.status().message(), "INVALID_DECIMAL");
  }
  return decimal->ToString();
}

absl::StatusOr<StatedValue> ReadValue(const v1::Observation& row, Measure measure,
                                      const Indicator& indicator, const std::string& at) {
  StatedValue value;
  CITY_ASSIGN_OR_RETURN(value.exact_value, ReadDecimal(row.exact_value(), at + ".exact_value"));
  value.qualifier = FromProto(row.qualifier()).value_or(Qualifier::kExact);
  if (value.qualifier == Qualifier::kRange) {
    CITY_ASSIGN_OR_RETURN(value.exact_value_high,
                          ReadDecimal(row.exact_value_high(), at + ".exact_value_high"));
  } else if (!row.exact_value_high().empty()) {
    return base::InvalidArgument(at + ".exact_value_high", "is only allowed with qualifier RANGE");
  }
  value.unit = UnitOf(measure, indicator);
  if (measure == Measure::kChange && !row.unit().empty()) value.unit = row.unit();
  if (!row.unit().empty() && row.unit() != value.unit) {
    return base::InvalidArgument(
        at + ".unit",
        absl::StrCat("values are in ", Quoted(value.unit), ", not ", Quoted(row.unit())),
        "WRONG_UNIT");
  }
  value.printed =
      row.printed().empty() ? absl::StrCat(value.exact_value, value.unit) : row.printed();
  return value;
}

absl::StatusOr<LoadedValue> ReadRow(const v1::Observation& row, const Catalogue& catalogue,
                                    const std::string& at) {
  LoadedValue loaded;
  CITY_ASSIGN_OR_RETURN(loaded.key.indicator,
                        ReadIndicator(row.indicator(), catalogue, at + ".indicator"));
  CITY_ASSIGN_OR_RETURN(loaded.key.place, ReadPlace(row.place(), catalogue, at + ".place"));
  const std::optional<Measure> measure = FromProto(row.measure());
  if (!measure.has_value())
    return base::InvalidArgument(at + ".measure", "is required", "REQUIRED");
  const std::optional<Kind> kind = FromProto(row.kind());
  if (!kind.has_value()) return base::InvalidArgument(at + ".kind", "is required", "REQUIRED");
  loaded.key.measure = *measure;
  loaded.key.kind = *kind;
  CITY_ASSIGN_OR_RETURN(loaded.key.period, ReadPeriod(row.period(), at + ".period"));
  CITY_ASSIGN_OR_RETURN(
      loaded.value, ReadValue(row, *measure, *catalogue.FindIndicator(loaded.key.indicator), at));
  CITY_ASSIGN_OR_RETURN(loaded.publish_date, ReadDate(row.publish_date(), at + ".publish_date"));
  return loaded;
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

absl::StatusOr<ObservationQuery> ReadQuery(const v1::QueryObservationsRequest& request,
                                           const Catalogue& catalogue) {
  ObservationQuery query;
  CITY_ASSIGN_OR_RETURN(query.indicators, ReadIndicators(request.indicators(), catalogue));
  CITY_ASSIGN_OR_RETURN(query.places, ReadPlaces(request.places(), catalogue));
  CITY_ASSIGN_OR_RETURN(query.measures,
                        (ReadEnums<Measure, v1::Measure>(request.measures(), "measures")));
  CITY_ASSIGN_OR_RETURN(query.kinds, (ReadEnums<Kind, v1::Kind>(request.kinds(), "kinds")));
  CITY_RETURN_IF_ERROR(ReadPeriods(request, query));
  if (request.has_as_of()) {
    CITY_ASSIGN_OR_RETURN(query.as_of, ReadMoment(request.as_of(), "as_of"));
  }
  if (request.has_published_as_of()) {
    CITY_ASSIGN_OR_RETURN(query.published_as_of,
                          ReadDate(request.published_as_of(), "published_as_of"));
  }
  CITY_ASSIGN_OR_RETURN(query.page_size,
                        base::ClampPageSize(request.page_size(), ObservationQuery::kDefaultPageSize,
                                            ObservationQuery::kMaxPageSize));
  if (!v1::QueryObservationsRequest::Consistency_IsValid(request.consistency())) {
    return base::InvalidArgument("consistency", "is not one of its values", "INVALID_ENUM");
  }
  query.strong = request.consistency() == v1::QueryObservationsRequest::STRONG;
  query.Normalize();
  if (!request.page_token().empty()) {
    CITY_RETURN_IF_ERROR(ReadObservationPageToken(request.page_token(), query));
  }
  return query;
}

absl::StatusOr<LoadedBatch> ReadBatch(const v1::RecordObservationsRequest& request,
                                      const Catalogue& catalogue) {
  if (request.observations().empty() || request.observations_size() > kMaxBatch) {
    return base::InvalidArgument("observations", absl::StrCat("must be 1 to ", kMaxBatch, ", not ",
                                                              request.observations_size()));
  }
  if (request.source().empty()) return base::InvalidArgument("source", "is required", "REQUIRED");
  if (base::CountCodePoints(request.source()) > kMaxSourceCodePoints) {
    return base::InvalidArgument("source", "is longer than 200 code points", "TOO_LONG");
  }
  CITY_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  LoadedBatch batch{.source = request.source(), .request_id = request.request_id()};
  std::string text = request.source();
  std::set<std::string> seen;
  for (int i = 0; i < request.observations_size(); ++i) {
    const std::string at = absl::StrCat("observations[", i, "]");
    CITY_ASSIGN_OR_RETURN(LoadedValue row, ReadRow(request.observations(i), catalogue, at));
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
    batch.values.push_back(std::move(row));
  }
  batch.digest = base::Sha256Hex(text);
  return batch;
}

}  // namespace cityinfo::metrics
