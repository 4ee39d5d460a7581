#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/sqlite/connection.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/domain/observation_query.h"

namespace cityinfo::metrics {

// Answers one query inside a read transaction that the caller holds. Belongs to one thread; use
// once.
class ObservationReader {
 public:
  ObservationReader(sqlite::Connection& connection, const ObservationQuery& query);

  absl::StatusOr<ObservationPage> Read();

 private:
  struct Series {
    std::int64_t id;
    ObservationKey key;  // its period is not set
  };
  struct Found {
    std::int64_t vintage_id;
    Observation observation;
  };

  // Filters and keyset position of the series, as SQL with parameters.
  absl::StatusOr<sqlite::Statement> PrepareSeries();
  // Appends the observations of one series, at most up to one more than a page.
  absl::Status ReadSeries(const Series& series, std::vector<Found>& found);
  absl::StatusOr<std::vector<Found>> ScanSeries(const Series& series, bool newest_first,
                                                size_t limit);
  bool ResumesIn(const Series& series) const;

  sqlite::Connection& connection_;
  const ObservationQuery& query_;
  const std::int64_t moment_;  // as of which, as stored
};

}  // namespace cityinfo::metrics
