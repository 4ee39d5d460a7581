#pragma once

#include "platform/rpc/server.h"
#include "services/metrics/rpc/assessment_handlers.h"
#include "services/metrics/rpc/catalogue_handlers.h"
#include "services/metrics/rpc/event_handlers.h"
#include "services/metrics/rpc/figure_handlers.h"
#include "services/metrics/rpc/import_handler.h"
#include "services/metrics/rpc/observation_handlers.h"
#include "services/metrics/rpc/watch_handler.h"

namespace cityinfo::metrics {

// The handlers behind cityinfo.metrics.v1.MetricService. They must outlive the server.
struct MetricServiceHandlers {
  const CatalogueHandlers& catalogue;
  ObservationHandlers& observations;
  AssessmentHandlers& assessments;
  FigureHandlers& figures;
  EventHandlers& events;
  WatchHandler& watch;
  ImportHandler& import;
};

// Registers every method of the service.
void RegisterMetricService(const MetricServiceHandlers& handlers, rpc::Server& server);

}  // namespace cityinfo::metrics
