#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// The most values of one RecordObservations, and of one part of ImportObservations.
inline constexpr int kMaxLoadedRows = 1000;

// Checks and reads what data officers bring. Errors are INVALID_ARGUMENT naming the field.

// Fields of a row are named "observations[3].period".
absl::StatusOr<LoadedBatch> ReadBatch(const v1::RecordObservationsRequest& request,
                                      const Catalogue& catalogue);

// The name of a source.
absl::Status CheckSource(absl::string_view source);

// One row; its fields are named `at` + "period". A value in another unit than the base unit is
// converted to it, exactly; one without `printed` is given it: the number and unit that came.
absl::StatusOr<LoadedValue> ReadLoadedRow(const v1::Observation& row, const Catalogue& catalogue,
                                          const std::string& at);

// What a row did; without a record time when it has none.
v1::Observation RecordedToProto(const Observation& observation, const Catalogue& catalogue);

}  // namespace cityinfo::metrics
