#pragma once

#include "platform/rpc/server.h"
#include "services/metrics/rpc/catalogue_handlers.h"
#include "services/metrics/rpc/figure_handlers.h"
#include "services/metrics/rpc/observation_handlers.h"
#include "services/metrics/rpc/watch_handler.h"

namespace cityinfo::metrics {

// The handlers behind cityinfo.metrics.v1.MetricService. They must outlive the server.
struct MetricServiceHandlers {
  const CatalogueHandlers& catalogue;
  ObservationHandlers& observations;
  FigureHandlers& figures;
  WatchHandler& watch;
};

// Registers every method that exists. ReviewFigure and ImportObservations are not there yet: the
// server answers UNIMPLEMENTED.
void RegisterMetricService(const MetricServiceHandlers& handlers, rpc::Server& server);

}  // namespace cityinfo::metrics
