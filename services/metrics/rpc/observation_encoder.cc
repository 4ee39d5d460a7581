#include "services/metrics/rpc/observation_encoder.h"

#include <utility>

#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/page_token.h"
#include "platform/base/status_macros.h"
#include "services/metrics/rpc/proto_values.h"

namespace cityinfo::metrics {

std::string ObservationPageToken(const ObservationQuery& query, const ObservationKey& last) {
  return base::EncodePageToken(last.ToId(), base::Fingerprint64(query.FilterText()));
}

absl::StatusOr<ObservationKey> ReadObservationPageToken(const ObservationQuery& query,
                                                        const std::string& token) {
  CITY_ASSIGN_OR_RETURN(const std::string position,
                        base::DecodePageToken(token, base::Fingerprint64(query.FilterText())));
  absl::StatusOr<ObservationKey> key = ObservationKey::FromId(position);
  if (!key.ok()) {
    return base::InvalidArgument("page_token", "it holds no position", "INVALID_PAGE_TOKEN");
  }
  return key;
}

ObservationEncoder MakeObservationEncoder(const Catalogue& catalogue) {
  return [&catalogue](const ObservationQuery& query,
                      const ObservationPage& page) -> absl::StatusOr<std::string> {
    v1::QueryObservationsResponse response;
    for (const Observation& observation : page.observations) {
      *response.add_observations() = ToProto(observation, catalogue);
    }
    if (page.more && !page.observations.empty()) {
      response.set_next_page_token(ObservationPageToken(query, page.observations.back().key));
    }
    std::string bytes;
    if (!response.SerializeToString(&bytes)) {
      return base::Internal("ANSWER_TOO_LARGE", "the answer cannot be serialised");
    }
    return bytes;
  };
}

}  // namespace cityinfo::metrics
