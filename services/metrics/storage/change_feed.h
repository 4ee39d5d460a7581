#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/data_versions.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/storage/vintage_table.h"

namespace cityinfo::metrics {

// What one write transaction appends to the feed of changed observations, and the data versions
// that follow from it. Sequences are counted here, on from the newest: only one transaction writes
// at a time, so their order is that of the commits, and none is missing.
class ChangeAppender {
 public:
  ChangeAppender(sql::Connection& connection, std::int64_t newest_change)
      : connection_(connection), newest_(newest_change) {}

  absl::Status Append(std::int64_t observation_id, absl::string_view indicator,
                      const ReconciledObservation& reconciled, absl::Time now);

  // Stamps the indicators touched and returns the stamps; the last thing before the commit.
  absl::StatusOr<std::vector<DataVersion>> Stamp();

 private:
  sql::Connection& connection_;
  std::optional<sql::Statement> insert_;  // once there was something to append
  std::int64_t newest_;
  std::map<std::string, std::int64_t, std::less<>> touched_;
};

// Changes with sequence > after, in order, at most `limit`. Needs a snapshot.
absl::StatusOr<std::vector<ObservationChange>> ReadObservationChanges(sql::Connection& connection,
                                                                      std::int64_t after,
                                                                      int limit);

// The newest of the data versions of these indicators (none: of all), 0 when there is none.
absl::StatusOr<std::int64_t> NewestVersion(sql::Connection& connection,
                                           const std::vector<std::string>& indicators);

}  // namespace cityinfo::metrics
