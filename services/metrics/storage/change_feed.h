#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sqlite/connection.h"
#include "services/metrics/domain/data_versions.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/storage/vintage_table.h"

namespace cityinfo::metrics {

// The feed of changed observations and the data versions that follow from it. Belongs to the thread
// that holds the connection.
class ChangeFeed {
 public:
  explicit ChangeFeed(sqlite::Connection& connection) : connection_(connection) {}

  // Appends one change and stamps its indicator; returns the stamp. Needs the writer.
  absl::StatusOr<DataVersion> Append(std::int64_t observation_id, absl::string_view indicator,
                                     const ReconciledObservation& reconciled, absl::Time now);

  absl::StatusOr<std::vector<ObservationChange>> Read(std::int64_t after, int limit);
  absl::StatusOr<std::vector<DataVersion>> ReadVersions();

 private:
  sqlite::Connection& connection_;
};

}  // namespace cityinfo::metrics
