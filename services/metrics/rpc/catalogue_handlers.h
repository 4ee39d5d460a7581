#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/rpc/request_context.h"
#include "services/metrics/domain/catalogue/catalogue.h"

namespace cityinfo::metrics {

// The rpcs about what can be asked for. Never blocks; thread-safe. The catalogue must outlive it.
class CatalogueHandlers {
 public:
  explicit CatalogueHandlers(const Catalogue& catalogue);

  absl::StatusOr<v1::ListIndicatorsResponse> ListIndicators(
      const rpc::RequestContext& context, const v1::ListIndicatorsRequest& request) const;
  absl::StatusOr<v1::Indicator> GetIndicator(const rpc::RequestContext& context,
                                             const v1::GetIndicatorRequest& request) const;
  absl::StatusOr<v1::ListPlacesResponse> ListPlaces(const rpc::RequestContext& context,
                                                    const v1::ListPlacesRequest& request) const;
  absl::StatusOr<v1::Place> GetPlace(const rpc::RequestContext& context,
                                     const v1::GetPlaceRequest& request) const;

 private:
  const Catalogue& catalogue_;
  std::vector<const Place*> places_;  // by code
};

}  // namespace cityinfo::metrics
