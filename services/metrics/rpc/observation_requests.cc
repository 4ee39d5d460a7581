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

// The places named, and the direct parts in the catalogue of those named in places_within. A place
// without parts there has none: what the catalogue does not know is not stored (docs/adr/0003).
absl::StatusOr<std::vector<std::string>> ReadPlaceFilter(
    const v1::QueryObservationsRequest& request, const Catalogue& catalogue) {
  CITY_ASSIGN_OR_RETURN(std::vector<std::string> places, ReadPlaces(request.places(), catalogue));
  if (request.places_within().empty()) return places;
  CITY_ASSIGN_OR_RETURN(const std::vector<std::string> wholes,
                        ReadPlaces(request.places_within(), catalogue, "places_within"));
  for (const Place& place : catalogue.places()) {
    if (std::find(wholes.begin(), wholes.end(), place.parent) != wholes.end()) {
      places.push_back(place.code);
    }
  }
  if (places.empty()) places = {kNoPlace};
  return places;
}

absl::StatusOr<std::vector<Granularity>> ReadGranularities(
    const v1::QueryObservationsRequest& request) {
  std::vector<Granularity> granularities;
  for (int i = 0; i < request.granularities_size(); ++i) {
    const int value = request.granularities().Get(i);
    const std::optional<Granularity> granularity =
        v1::Granularity_IsValid(value)
            ? ParseGranularity(v1::Granularity_Name(static_cast<v1::Granularity>(value)))
            : std::nullopt;
    if (!granularity.has_value()) {
      return base::InvalidArgument(absl::StrCat("granularities[", i, "]"),
                                   absl::StrCat(value, " is not one of its values"),
                                   "INVALID_ENUM");
    }
    granularities.push_back(*granularity);
  }
  return granularities;
}

// What stands in a filter that units decide: nothing, or only that value.
template <typename T>
absl::Status Decide(absl::string_view field, T value, std::vector<T>& filter) {
  for (const T named : filter) {
    if (named == value) continue;
    return base::InvalidArgument(
        field,
        absl::StrCat("with units only ", ToString(value), " is computed, not ", ToString(named)),
        "UNITS_OF_OTHER_VALUES");
  }
  filter = {value};
  return absl::OkStatus();
}

absl::Status ReadIndexPeriod(const v1::QueryObservationsRequest& request, ObservationQuery& query) {
  if (query.units != Units::kNbd) {
    if (request.index_period().empty()) return absl::OkStatus();
    return base::InvalidArgument("index_period", "is only allowed with units NBD", "NOT_AN_INDEX");
  }
  if (request.index_period().empty()) {
    return base::InvalidArgument("index_period", "is required with units NBD", "REQUIRED");
  }
  CITY_ASSIGN_OR_RETURN(query.index_period, ReadPeriod(request.index_period(), "index_period"));
  const Granularity granularity = GranularityOf(*query.index_period);
  for (const Granularity asked : query.granularities) {
    if (asked == granularity) continue;
    return base::InvalidArgument("index_period",
                                 absl::StrCat(request.index_period(), " is ", ToString(granularity),
                                              ", but ", ToString(asked), " is asked for"),
                                 "OTHER_GRANULARITY");
  }
  query.granularities = {granularity};
  return absl::OkStatus();
}

absl::Status ReadUnits(const v1::QueryObservationsRequest& request, ObservationQuery& query) {
  const int value = request.units();
  const std::optional<Units> units = value == v1::UNITS_UNSPECIFIED ? Units::kLin
                                     : v1::Units_IsValid(value)
                                         ? ParseUnits(v1::Units_Name(static_cast<v1::Units>(value)))
                                         : std::nullopt;
  if (!units.has_value()) {
    return base::InvalidArgument("units", absl::StrCat(value, " is not one of its values"),
                                 "INVALID_ENUM");
  }
  query.units = *units;
  if (query.units != Units::kLin) {
    CITY_RETURN_IF_ERROR(Decide("measures", Measure::kLevel, query.measures));
    CITY_RETURN_IF_ERROR(Decide("kinds", Kind::kActual, query.kinds));
  }
  return ReadIndexPeriod(request, query);
}

}  // namespace

absl::StatusOr<ObservationQuery> ReadQuery(const v1::QueryObservationsRequest& request,
                                           const Catalogue& catalogue) {
  ObservationQuery query;
  CITY_ASSIGN_OR_RETURN(query.indicators, ReadIndicators(request.indicators(), catalogue));
  CITY_ASSIGN_OR_RETURN(query.places, ReadPlaceFilter(request, catalogue));
  CITY_ASSIGN_OR_RETURN(query.measures,
                        (ReadEnums<Measure, v1::Measure>(request.measures(), "measures")));
  CITY_ASSIGN_OR_RETURN(query.kinds, (ReadEnums<Kind, v1::Kind>(request.kinds(), "kinds")));
  CITY_RETURN_IF_ERROR(ReadPeriods(request, query));
  CITY_ASSIGN_OR_RETURN(query.granularities, ReadGranularities(request));
  CITY_RETURN_IF_ERROR(ReadUnits(request, query));
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

}  // namespace cityinfo::metrics
