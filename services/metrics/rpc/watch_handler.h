#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/rpc/request_context.h"
#include "platform/rpc/server_writer.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/data_versions.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// Streams the change feed. Runs until the stream ends, on a thread of its own. One batch is read at
// a time and nothing is held while a message waits for its reader, so a slow watcher costs no
// memory and holds up no writer. Owns nothing.
class WatchHandler {
 public:
  struct Options {
    // Without a change for this long an empty entry says that the stream is alive and how far it
    // is; the first comes as soon as everything known was sent.
    absl::Duration heartbeat = absl::Seconds(5);
  };

  WatchHandler(MetricStore& store, const DataVersions& versions, const Catalogue& catalogue,
               Options options)
      : store_(store), versions_(versions), catalogue_(catalogue), options_(options) {}

  absl::Status WatchObservations(const rpc::RequestContext& context,
                                 const v1::WatchObservationsRequest& request,
                                 rpc::ServerWriter<v1::ObservationChange>& writer);

 private:
  absl::StatusOr<std::int64_t> ReadPosition(const std::string& token);
  // Sends what stands behind `*position`, at most one batch, and moves it on; false when the stream
  // is over.
  absl::StatusOr<bool> SendBatch(rpc::ServerWriter<v1::ObservationChange>& writer,
                                 std::int64_t* position);
  // Whether a change behind `sequence` became known before `until` and the end of the stream.
  bool AwaitBeyond(std::int64_t sequence, absl::Time until,
                   const rpc::ServerWriter<v1::ObservationChange>& writer) const;

  MetricStore& store_;
  const DataVersions& versions_;
  const Catalogue& catalogue_;
  const Options options_;
};

}  // namespace cityinfo::metrics
