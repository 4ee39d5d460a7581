#pragma once

#include <string>

#include "cityinfo/gateway/v1/city_service.pb.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"

namespace cityinfo::gateway {

// What the screen of an indicator asks the metrics service. Pure functions; `place` is the code
// asked for or the gateway's own.

// Years, spans of them and halves, of all kinds: as many periods as a series of the screen holds.
metrics::v1::QueryObservationsRequest YearsQuestion(const v1::GetIndicatorPageRequest& request,
                                                    const std::string& place);
// Quarters, months and shorter.
metrics::v1::QueryObservationsRequest ShorterQuestion(const v1::GetIndicatorPageRequest& request,
                                                      const std::string& place);
// The newest yearly actuals of the places within.
metrics::v1::QueryObservationsRequest PartsQuestion(const v1::GetIndicatorPageRequest& request,
                                                    const std::string& place);
metrics::v1::ListProgressRequest ProgressQuestion(const v1::GetIndicatorPageRequest& request,
                                                  const std::string& place);
metrics::v1::ListPlausibilityFindingsRequest FindingsQuestion(
    const v1::GetIndicatorPageRequest& request, const std::string& place);

}  // namespace cityinfo::gateway
