#include "services/metrics/domain/store_metric_reader.h"

#include <memory>
#include <utility>

#include "platform/base/status_macros.h"

namespace cityinfo::metrics {

StoreMetricReader::StoreMetricReader(MetricStore& store, ObservationEncoder encoder)
    : store_(store), encoder_(std::move(encoder)) {}

absl::StatusOr<EncodedAnswer> StoreMetricReader::QueryObservations(const ObservationQuery& query,
                                                                   absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(const ObservationPage page, store_.QueryObservations(query, deadline));
  CITY_ASSIGN_OR_RETURN(std::string bytes, encoder_(query, page));
  return std::make_shared<const std::string>(std::move(bytes));
}

}  // namespace cityinfo::metrics
