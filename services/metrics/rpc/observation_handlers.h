#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <optional>

#include "absl/status/statusor.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/rpc/request_context.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/encoded_answer.h"
#include "services/metrics/domain/metric_reader.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/domain/ready_answers.h"

namespace cityinfo::metrics {

// The rpcs about observations. Thread-safe; owns nothing.
class ObservationHandlers {
 public:
  // `reader` answers QueryObservations (a cache may stand in front) unless `ready` has the answer
  // at hand, `store` the rest.
  ObservationHandlers(MetricStore& store, MetricReader& reader, ReadyAnswers& ready,
                      const Catalogue& catalogue)
      : store_(store), reader_(reader), ready_(ready), catalogue_(catalogue) {}

  // The answer to a QueryObservations that needs no work, found by the bytes of the request. It is
  // the same for every role. Never blocks.
  std::optional<EncodedAnswer> ReadyObservations(const grpc::ByteBuffer& request);

  // The serialised v1.QueryObservationsResponse.
  absl::StatusOr<EncodedAnswer> QueryObservations(const rpc::RequestContext& context,
                                                  const v1::QueryObservationsRequest& request);
  absl::StatusOr<v1::ListVintagesResponse> ListVintages(const rpc::RequestContext& context,
                                                        const v1::ListVintagesRequest& request);
  absl::StatusOr<v1::RecordObservationsResponse> RecordObservations(
      const rpc::RequestContext& context, const v1::RecordObservationsRequest& request);

 private:
  MetricStore& store_;
  MetricReader& reader_;
  ReadyAnswers& ready_;
  const Catalogue& catalogue_;
};

}  // namespace cityinfo::metrics
