#pragma once

#include "absl/status/statusor.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/rpc/request_context.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// The rpcs about figures. Thread-safe; owns nothing.
class FigureHandlers {
 public:
  FigureHandlers(MetricStore& store, const Catalogue& catalogue)
      : store_(store), catalogue_(catalogue) {}

  absl::StatusOr<v1::ListFiguresResponse> ListFigures(const rpc::RequestContext& context,
                                                      const v1::ListFiguresRequest& request);

  absl::StatusOr<v1::Figure> GetFigure(const rpc::RequestContext& context,
                                       const v1::GetFigureRequest& request);

  // Writes who said it: the caller, as the gateway knows them.
  absl::StatusOr<v1::Figure> ReviewFigure(const rpc::RequestContext& context,
                                          const v1::ReviewFigureRequest& request);

  // Pure: reads no store. Any well-formed place code will do, also one the catalogue does not know.
  absl::StatusOr<v1::ExtractFiguresResponse> ExtractFigures(
      const rpc::RequestContext& context, const v1::ExtractFiguresRequest& request);

 private:
  MetricStore& store_;
  const Catalogue& catalogue_;
};

}  // namespace cityinfo::metrics
