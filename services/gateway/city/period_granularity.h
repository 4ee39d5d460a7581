#pragma once

#include "absl/strings/string_view.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"

namespace cityinfo::gateway {

// The kind of a period in the ISO 8601 forms of the contract (Observation.period);
// GRANULARITY_UNSPECIFIED for anything else.
metrics::v1::Granularity GranularityOf(absl::string_view period);

}  // namespace cityinfo::gateway
