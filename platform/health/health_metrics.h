#pragma once

#include "platform/health/health.h"
#include "platform/telemetry/metrics.h"

namespace cityinfo::health {

// Shows what the service knows about its own health:
//   cityinfo_ready                           1 while it is ready
//   cityinfo_component_state{component,state}  1 for the state the component is in, 0 for the
//                                              others: ok, degraded, down
// `health` must outlive the last rendering.
void ReportHealth(const Health& health, telemetry::Metrics& metrics);

}  // namespace cityinfo::health
