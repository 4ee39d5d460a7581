#include "services/metrics/rpc/observation_handlers.h"

#include <string>
#include <utility>

#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/rpc/byte_buffer.h"
#include "services/metrics/rpc/loaded_rows.h"
#include "services/metrics/rpc/observation_requests.h"
#include "services/metrics/rpc/proto_values.h"
#include "services/metrics/rpc/request_fields.h"

namespace cityinfo::metrics {
absl::StatusOr<EncodedAnswer> ObservationHandlers::QueryObservations(
    const rpc::RequestContext& context, const v1::QueryObservationsRequest& request) {
  CITY_ASSIGN_OR_RETURN(const ObservationQuery query, ReadQuery(request, catalogue_));
  CITY_ASSIGN_OR_RETURN(EncodedAnswer answer, reader_.QueryObservations(query, context.deadline));
  // The bytes as protobuf writes them, which is how nearly every client sent them.
  if (!query.strong) ready_.Remember(request.SerializeAsString(), query);
  return answer;
}

std::optional<EncodedAnswer> ObservationHandlers::ReadyObservations(
    const grpc::ByteBuffer& request) {
  EncodedAnswer answer = ready_.Find(rpc::MessageBytes(request).view());
  if (answer == nullptr) return std::nullopt;
  return answer;
}

absl::StatusOr<v1::ListVintagesResponse> ObservationHandlers::ListVintages(
    const rpc::RequestContext& context, const v1::ListVintagesRequest& request) {
  CITY_ASSIGN_OR_RETURN(const std::string id, ReadName(request.name(), "observations", "name"));
  const absl::StatusOr<ObservationKey> key = ObservationKey::FromId(id);
  if (!key.ok()) return base::NotFound("observation", id, "OBSERVATION_NOT_FOUND");
  CITY_ASSIGN_OR_RETURN(const std::vector<Observation> vintages,
                        store_.ListVintages(*key, context.deadline));
  if (vintages.empty()) return base::NotFound("observation", id, "OBSERVATION_NOT_FOUND");
  v1::ListVintagesResponse response;
  for (const Observation& vintage : vintages) {
    *response.add_vintages() = HistoricToProto(vintage, catalogue_);
  }
  return response;
}

absl::StatusOr<v1::RecordObservationsResponse> ObservationHandlers::RecordObservations(
    const rpc::RequestContext&, const v1::RecordObservationsRequest& request) {
  CITY_ASSIGN_OR_RETURN(const LoadedBatch batch, ReadBatch(request, catalogue_));
  CITY_ASSIGN_OR_RETURN(const std::vector<RecordedValue> recorded, store_.Record(batch));
  v1::RecordObservationsResponse response;
  for (const RecordedValue& value : recorded) {
    *response.add_observations() = RecordedToProto(value.after, catalogue_);
  }
  return response;
}

}  // namespace cityinfo::metrics
