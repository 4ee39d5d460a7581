#include "services/metrics/rpc/observation_encoder.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/page_token.h"
#include "platform/base/status_macros.h"
#include "services/metrics/rpc/proto_values.h"

namespace cityinfo::metrics {
namespace {

v1::Units ToProto(Units units) {
  v1::Units value = v1::UNITS_UNSPECIFIED;
  // The names of both are the same; there is none for what is not of the contract.
  v1::Units_Parse(std::string(ToString(units)), &value);
  return value;
}

// A computed value is no resource: it goes by no name, but by those it was computed of.
void MarkComputed(const ObservationQuery& query, const Observation& observation,
                  v1::Observation& message) {
  message.clear_name();
  message.set_computed(true);
  message.set_units(ToProto(query.units));
  for (const ObservationKey& key : observation.computed_from) {
    message.add_computed_from(absl::StrCat("observations/", key.ToId()));
  }
}

}  // namespace

std::string ObservationPageToken(const ObservationQuery& query, const ObservationKey& last,
                                 std::int64_t seen) {
  return base::EncodePageToken(absl::StrCat(last.ToId(), "@", seen),
                               base::Fingerprint64(query.FilterText()));
}

absl::Status ReadObservationPageToken(const std::string& token, ObservationQuery& query) {
  CITY_ASSIGN_OR_RETURN(const std::string position,
                        base::DecodePageToken(token, base::Fingerprint64(query.FilterText())));
  // The release before wrote the key alone.
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(position, absl::MaxSplits('@', 1));
  const absl::StatusOr<ObservationKey> key = ObservationKey::FromId(parts.first);
  if (!key.ok() || (!parts.second.empty() && !absl::SimpleAtoi(parts.second, &query.seen))) {
    return base::InvalidArgument("page_token", "it holds no position", "INVALID_PAGE_TOKEN");
  }
  query.after = *key;
  return absl::OkStatus();
}

ObservationEncoder MakeObservationEncoder(const Catalogue& catalogue) {
  return [&catalogue](const ObservationQuery& query,
                      const ObservationPage& page) -> absl::StatusOr<std::string> {
    v1::QueryObservationsResponse response;
    for (const Observation& observation : page.observations) {
      v1::Observation& message = *response.add_observations();
      message = metrics::ToProto(observation, catalogue);
      if (query.units != Units::kLin) MarkComputed(query, observation, message);
    }
    if (page.more && page.last.has_value()) {
      response.set_next_page_token(ObservationPageToken(query, *page.last, page.seen));
    }
    std::string bytes;
    if (!response.SerializeToString(&bytes)) {
      return base::Internal("ANSWER_TOO_LARGE", "the answer cannot be serialised");
    }
    return bytes;
  };
}

}  // namespace cityinfo::metrics
