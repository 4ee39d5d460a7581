#include "services/metrics/rpc/metric_service.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"

namespace cityinfo::metrics {
namespace {

using rpc::RequestContext;

std::string Method(absl::string_view name) {
  return absl::StrCat("/cityinfo.metrics.v1.MetricService/", name);
}

void RegisterCatalogue(const CatalogueHandlers& handlers, rpc::Server& server) {
  // From memory, quickly: no worker needed.
  const rpc::MethodOptions kInline{.run_inline = true};
  server.Unary<v1::ListIndicatorsRequest, v1::ListIndicatorsResponse>(
      Method("ListIndicators"),
      [&](const RequestContext& context, const v1::ListIndicatorsRequest& request) {
        return handlers.ListIndicators(context, request);
      },
      kInline);
  server.Unary<v1::GetIndicatorRequest, v1::Indicator>(
      Method("GetIndicator"),
      [&](const RequestContext& context, const v1::GetIndicatorRequest& request) {
        return handlers.GetIndicator(context, request);
      },
      kInline);
  server.Unary<v1::ListPlacesRequest, v1::ListPlacesResponse>(
      Method("ListPlaces"),
      [&](const RequestContext& context, const v1::ListPlacesRequest& request) {
        return handlers.ListPlaces(context, request);
      },
      kInline);
  server.Unary<v1::GetPlaceRequest, v1::Place>(
      Method("GetPlace"),
      [&](const RequestContext& context, const v1::GetPlaceRequest& request) {
        return handlers.GetPlace(context, request);
      },
      kInline);
}

void RegisterObservations(ObservationHandlers& handlers, rpc::Server& server) {
  server.UnaryRaw<v1::QueryObservationsRequest, v1::QueryObservationsResponse>(
      Method("QueryObservations"),
      [&](const RequestContext& context, const v1::QueryObservationsRequest& request) {
        return handlers.QueryObservations(context, request);
      },
      {.ready_answer = [&](const RequestContext&, const grpc::ByteBuffer& request) {
        return handlers.ReadyObservations(request);
      }});
  server.Unary<v1::ListVintagesRequest, v1::ListVintagesResponse>(
      Method("ListVintages"),
      [&](const RequestContext& context, const v1::ListVintagesRequest& request) {
        return handlers.ListVintages(context, request);
      });
  server.Unary<v1::RecordObservationsRequest, v1::RecordObservationsResponse>(
      Method("RecordObservations"),
      [&](const RequestContext& context, const v1::RecordObservationsRequest& request) {
        return handlers.RecordObservations(context, request);
      });
}

void RegisterAssessments(AssessmentHandlers& handlers, rpc::Server& server) {
  server.Unary<v1::ListProgressRequest, v1::ListProgressResponse>(
      Method("ListProgress"),
      [&](const RequestContext& context, const v1::ListProgressRequest& request) {
        return handlers.ListProgress(context, request);
      });
  server.Unary<v1::ListConflictsRequest, v1::ListConflictsResponse>(
      Method("ListConflicts"),
      [&](const RequestContext& context, const v1::ListConflictsRequest& request) {
        return handlers.ListConflicts(context, request);
      });
  server.Unary<v1::ListPlausibilityFindingsRequest, v1::ListPlausibilityFindingsResponse>(
      Method("ListPlausibilityFindings"),
      [&](const RequestContext& context, const v1::ListPlausibilityFindingsRequest& request) {
        return handlers.ListPlausibilityFindings(context, request);
      });
}

void RegisterFigures(FigureHandlers& handlers, rpc::Server& server) {
  server.Unary<v1::ListFiguresRequest, v1::ListFiguresResponse>(
      Method("ListFigures"),
      [&](const RequestContext& context, const v1::ListFiguresRequest& request) {
        return handlers.ListFigures(context, request);
      });
  server.Unary<v1::GetFigureRequest, v1::Figure>(
      Method("GetFigure"), [&](const RequestContext& context, const v1::GetFigureRequest& request) {
        return handlers.GetFigure(context, request);
      });
  server.Unary<v1::ReviewFigureRequest, v1::Figure>(
      Method("ReviewFigure"),
      [&](const RequestContext& context, const v1::ReviewFigureRequest& request) {
        return handlers.ReviewFigure(context, request);
      });
  server.Unary<v1::ExtractFiguresRequest, v1::ExtractFiguresResponse>(
      Method("ExtractFigures"),
      [&](const RequestContext& context, const v1::ExtractFiguresRequest& request) {
        return handlers.ExtractFigures(context, request);
      });
}

void RegisterEvents(EventHandlers& handlers, rpc::Server& server) {
  server.Unary<v1::ListEventsRequest, v1::ListEventsResponse>(
      Method("ListEvents"),
      [&](const RequestContext& context, const v1::ListEventsRequest& request) {
        return handlers.ListEvents(context, request);
      });
}

}  // namespace

void RegisterMetricService(const MetricServiceHandlers& handlers, rpc::Server& server) {
  RegisterCatalogue(handlers.catalogue, server);
  RegisterObservations(handlers.observations, server);
  RegisterAssessments(handlers.assessments, server);
  RegisterFigures(handlers.figures, server);
  RegisterEvents(handlers.events, server);
  ImportHandler& import = handlers.import;
  server.ClientStream<v1::ImportObservationsRequest, v1::ImportObservationsResponse>(
      Method("ImportObservations"),
      [&import](const RequestContext& context,
                rpc::ServerReader<v1::ImportObservationsRequest>& reader) {
        return import.ImportObservations(context, reader);
      });
  WatchHandler& watch = handlers.watch;
  server.ServerStream<v1::WatchObservationsRequest, v1::ObservationChange>(
      Method("WatchObservations"),
      [&watch](const RequestContext& context, const v1::WatchObservationsRequest& request,
               rpc::ServerWriter<v1::ObservationChange>& writer) {
        return watch.WatchObservations(context, request, writer);
      });
}

}  // namespace cityinfo::metrics
