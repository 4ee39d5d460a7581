#include "services/gateway/city/observation_pages.h"

#include <memory>
#include <utility>

namespace cityinfo::gateway {
namespace {

constexpr char kQueryObservations[] = "/cityinfo.metrics.v1.MetricService/QueryObservations";
constexpr int kPageSize = 1000;

struct Reading {
  Upstream& metrics;
  CallContext context;
  metrics::v1::QueryObservationsRequest request;
  size_t limit;
  ObservationsCallback callback;
  std::vector<metrics::v1::Observation> observations;
};

void ReadPage(std::shared_ptr<Reading> reading) {
  Upstream& metrics = reading->metrics;
  const CallContext context = reading->context;
  const metrics::v1::QueryObservationsRequest request = reading->request;
  CallMessage<metrics::v1::QueryObservationsResponse>(
      metrics, kQueryObservations, context, request,
      [reading = std::move(reading)](absl::StatusOr<metrics::v1::QueryObservationsResponse> page) {
        if (!page.ok()) return reading->callback(std::move(page).status());
        for (metrics::v1::Observation& observation : *page->mutable_observations()) {
          if (reading->observations.size() == reading->limit) break;
          reading->observations.push_back(std::move(observation));
        }
        if (page->next_page_token().empty() || reading->observations.size() == reading->limit) {
          return reading->callback(std::move(reading->observations));
        }
        reading->request.set_page_token(page->next_page_token());
        ReadPage(reading);
      });
}

}  // namespace

void FetchObservations(Upstream& metrics, const CallContext& context,
                       metrics::v1::QueryObservationsRequest request, size_t limit,
                       ObservationsCallback callback) {
  request.set_page_size(kPageSize);
  ReadPage(std::make_shared<Reading>(
      Reading{metrics, context, std::move(request), limit, std::move(callback), {}}));
}

}  // namespace cityinfo::gateway
