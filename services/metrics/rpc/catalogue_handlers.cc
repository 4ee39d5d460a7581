#include "services/metrics/rpc/catalogue_handlers.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/page_token.h"
#include "platform/base/status_macros.h"
#include "services/metrics/rpc/proto_values.h"
#include "services/metrics/rpc/request_fields.h"

namespace cityinfo::metrics {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 500;

// One page of a list in memory: `key` is an item's position, `add` takes an item. Returns the token
// of the next page, empty at the end.
template <typename Items, typename Key, typename Add>
absl::StatusOr<std::string> Paginate(const Items& items, std::int32_t page_size,
                                     const std::string& page_token, std::uint64_t request_hash,
                                     Key key, Add add) {
  CITY_ASSIGN_OR_RETURN(const int size,
                        base::ClampPageSize(page_size, kDefaultPageSize, kMaxPageSize));
  auto next = items.begin();
  if (!page_token.empty()) {
    CITY_ASSIGN_OR_RETURN(const std::string position,
                          base::DecodePageToken(page_token, request_hash));
    next = std::find_if(items.begin(), items.end(),
                        [&](const auto& item) { return key(item) == position; });
    if (next == items.end()) {
      return base::InvalidArgument("page_token", "it is not a token of this list",
                                   "INVALID_PAGE_TOKEN");
    }
    ++next;
  }
  for (int taken = 0; taken < size && next != items.end(); ++taken, ++next) add(*next);
  if (next == items.end()) return std::string();
  return base::EncodePageToken(key(*std::prev(next)), request_hash);
}

}  // namespace

CatalogueHandlers::CatalogueHandlers(const Catalogue& catalogue) : catalogue_(catalogue) {
  for (const Place& place : catalogue.places()) places_.push_back(&place);
  std::sort(places_.begin(), places_.end(),
            [](const Place* a, const Place* b) { return a->code < b->code; });
}

absl::StatusOr<v1::ListIndicatorsResponse> CatalogueHandlers::ListIndicators(
    const rpc::RequestContext&, const v1::ListIndicatorsRequest& request) const {
  std::vector<const Indicator*> wanted;
  for (const Indicator& indicator : catalogue_.indicators()) {
    if (request.category().empty() || indicator.category == request.category()) {
      wanted.push_back(&indicator);
    }
  }
  v1::ListIndicatorsResponse response;
  CITY_ASSIGN_OR_RETURN(
      *response.mutable_next_page_token(),
      Paginate(
          wanted, request.page_size(), request.page_token(),
          base::Fingerprint64(absl::StrCat("ListIndicators|", request.category())),
          [](const Indicator* indicator) { return indicator->id; },
          [&](const Indicator* indicator) { *response.add_indicators() = ToProto(*indicator); }));
  return response;
}

absl::StatusOr<v1::Indicator> CatalogueHandlers::GetIndicator(
    const rpc::RequestContext&, const v1::GetIndicatorRequest& request) const {
  CITY_ASSIGN_OR_RETURN(const std::string id, ReadName(request.name(), "indicators", "name"));
  const Indicator* indicator = catalogue_.FindIndicator(id);
  if (indicator == nullptr) return base::NotFound("indicator", id, "INDICATOR_NOT_FOUND");
  return ToProto(*indicator);
}

absl::StatusOr<v1::ListPlacesResponse> CatalogueHandlers::ListPlaces(
    const rpc::RequestContext&, const v1::ListPlacesRequest& request) const {
  std::string parent;
  if (!request.parent().empty()) {
    CITY_ASSIGN_OR_RETURN(parent, ReadPlace(request.parent(), catalogue_, "parent"));
  }
  std::vector<const Place*> wanted;
  for (const Place* place : places_) {
    if (parent.empty() || place->parent == parent) wanted.push_back(place);
  }
  v1::ListPlacesResponse response;
  CITY_ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                        Paginate(
                            wanted, request.page_size(), request.page_token(),
                            base::Fingerprint64(absl::StrCat("ListPlaces|", parent)),
                            [](const Place* place) { return place->code; },
                            [&](const Place* place) { *response.add_places() = ToProto(*place); }));
  return response;
}

absl::StatusOr<v1::Place> CatalogueHandlers::GetPlace(const rpc::RequestContext&,
                                                      const v1::GetPlaceRequest& request) const {
  CITY_ASSIGN_OR_RETURN(const std::string code, ReadName(request.name(), "places", "name"));
  const Place* place = catalogue_.FindPlace(code);
  if (place == nullptr) return base::NotFound("place", code, "PLACE_NOT_FOUND");
  return ToProto(*place);
}

}  // namespace cityinfo::metrics
