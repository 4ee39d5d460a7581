#include "services/metrics/rpc/observation_handlers.h"

#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/page_token.h"
#include "platform/base/status_macros.h"
#include "services/metrics/domain/progress.h"
#include "services/metrics/rpc/observation_requests.h"
#include "services/metrics/rpc/proto_values.h"
#include "services/metrics/rpc/request_fields.h"

namespace cityinfo::metrics {
namespace {

constexpr size_t kMaxProgressInputs = 20'000;
constexpr int kDefaultConflicts = 100;
constexpr int kMaxConflicts = 500;

}  // namespace

absl::StatusOr<EncodedAnswer> ObservationHandlers::QueryObservations(
    const rpc::RequestContext& context, const v1::QueryObservationsRequest& request) {
  CITY_ASSIGN_OR_RETURN(const ObservationQuery query, ReadQuery(request, catalogue_));
  return reader_.QueryObservations(query, context.deadline);
}

absl::StatusOr<v1::ListVintagesResponse> ObservationHandlers::ListVintages(
    const rpc::RequestContext& context, const v1::ListVintagesRequest& request) {
  CITY_ASSIGN_OR_RETURN(const std::string id, ReadName(request.name(), "observations", "name"));
  const absl::StatusOr<ObservationKey> key = ObservationKey::FromId(id);
  if (!key.ok()) return base::NotFound("observation", id, "OBSERVATION_NOT_FOUND");
  CITY_ASSIGN_OR_RETURN(const std::vector<Observation> vintages,
                        store_.ListVintages(*key, context.deadline));
  if (vintages.empty()) return base::NotFound("observation", id, "OBSERVATION_NOT_FOUND");
  v1::ListVintagesResponse response;
  for (const Observation& vintage : vintages) {
    *response.add_vintages() = ToProto(vintage, catalogue_);
  }
  return response;
}

absl::StatusOr<v1::RecordObservationsResponse> ObservationHandlers::RecordObservations(
    const rpc::RequestContext&, const v1::RecordObservationsRequest& request) {
  CITY_ASSIGN_OR_RETURN(const LoadedBatch batch, ReadBatch(request, catalogue_));
  CITY_ASSIGN_OR_RETURN(const std::vector<Observation> recorded, store_.Record(batch));
  v1::RecordObservationsResponse response;
  for (const Observation& observation : recorded) {
    *response.add_observations() = ToProto(observation, catalogue_);
  }
  return response;
}

absl::StatusOr<std::vector<Observation>> ObservationHandlers::ReadAll(ObservationQuery query,
                                                                      absl::Time deadline) {
  query.page_size = ObservationQuery::kMaxPageSize;
  query.Normalize();
  std::vector<Observation> all;
  while (true) {
    CITY_ASSIGN_OR_RETURN(ObservationPage page, store_.QueryObservations(query, deadline));
    std::move(page.observations.begin(), page.observations.end(), std::back_inserter(all));
    if (!page.more) return all;
    if (all.size() >= kMaxProgressInputs) {
      return base::ResourceExhausted("TOO_MANY_OBSERVATIONS",
                                     "too many observations to compare; name indicators or places");
    }
    query.after = all.back().key;
  }
}

absl::StatusOr<v1::ListProgressResponse> ObservationHandlers::ListProgress(
    const rpc::RequestContext& context, const v1::ListProgressRequest& request) {
  ObservationQuery query;
  CITY_ASSIGN_OR_RETURN(query.indicators, ReadIndicators(request.indicators(), catalogue_));
  CITY_ASSIGN_OR_RETURN(query.places, ReadPlaces(request.places(), catalogue_));
  query.kinds = {Kind::kTarget};
  CITY_ASSIGN_OR_RETURN(const std::vector<Observation> targets, ReadAll(query, context.deadline));
  std::set<std::string> promised;
  for (const Observation& target : targets) promised.insert(target.key.indicator);
  v1::ListProgressResponse response;
  if (promised.empty()) return response;
  query.indicators.assign(promised.begin(), promised.end());
  query.kinds = {Kind::kActual};
  CITY_ASSIGN_OR_RETURN(const std::vector<Observation> actuals, ReadAll(query, context.deadline));
  for (const Progress& progress : ComputeProgress(targets, actuals)) {
    *response.add_progress() = ToProto(progress, catalogue_);
  }
  return response;
}

absl::StatusOr<v1::ListConflictsResponse> ObservationHandlers::ListConflicts(
    const rpc::RequestContext& context, const v1::ListConflictsRequest& request) {
  CITY_ASSIGN_OR_RETURN(const std::vector<std::string> indicators,
                        ReadIndicators(request.indicators(), catalogue_));
  CITY_ASSIGN_OR_RETURN(const std::vector<std::string> places,
                        ReadPlaces(request.places(), catalogue_));
  CITY_ASSIGN_OR_RETURN(const int size,
                        base::ClampPageSize(request.page_size(), kDefaultConflicts, kMaxConflicts));
  const std::uint64_t hash = base::Fingerprint64(absl::StrCat(
      "ListConflicts|", absl::StrJoin(indicators, ","), "|", absl::StrJoin(places, ",")));
  std::optional<ObservationKey> after;
  if (!request.page_token().empty()) {
    CITY_ASSIGN_OR_RETURN(const std::string position,
                          base::DecodePageToken(request.page_token(), hash));
    absl::StatusOr<ObservationKey> key = ObservationKey::FromId(position);
    if (!key.ok()) {
      return base::InvalidArgument("page_token", "it holds no position", "INVALID_PAGE_TOKEN");
    }
    after = *std::move(key);
  }
  CITY_ASSIGN_OR_RETURN(
      std::vector<Conflict> conflicts,
      store_.ListConflicts(indicators, places, after, size + 1, context.deadline));
  v1::ListConflictsResponse response;
  if (conflicts.size() > static_cast<size_t>(size)) {
    conflicts.resize(static_cast<size_t>(size));
    response.set_next_page_token(
        base::EncodePageToken(conflicts.back().preferred.key.ToId(), hash));
  }
  for (const Conflict& conflict : conflicts) {
    *response.add_conflicts() = ToProto(conflict, catalogue_);
  }
  return response;
}

}  // namespace cityinfo::metrics
