#include "services/metrics/rpc/event_handlers.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/page_token.h"
#include "platform/base/status_macros.h"
#include "services/metrics/rpc/event_conversion.h"
#include "services/metrics/rpc/request_fields.h"

namespace cityinfo::metrics {
namespace {

base::Date ToDate(const absl::CivilDay& day) {
  return {static_cast<int>(day.year()), day.month(), day.day()};
}

std::string TextOf(const std::optional<base::Date>& date) {
  return date.has_value() ? base::FormatDate(*date) : "";
}

// Without page_size and page_token: what a page token is bound to.
std::uint64_t FilterHash(const EventQuery& query) {
  return base::Fingerprint64(absl::StrCat("ListEvents|", query.place, "|", query.article, "|",
                                          TextOf(query.from), "|", TextOf(query.to)));
}

absl::Status ReadDates(const v1::ListEventsRequest& request, EventQuery& query) {
  if (request.has_date_from()) {
    CITY_ASSIGN_OR_RETURN(const Period from, ReadPartialDate(request.date_from(), "date_from"));
    query.from = ToDate(from.first_day());
  }
  if (request.has_date_to()) {
    CITY_ASSIGN_OR_RETURN(const Period to, ReadPartialDate(request.date_to(), "date_to"));
    query.to = ToDate(to.last_day());
  }
  if (query.from.has_value() && query.to.has_value() && *query.to < *query.from) {
    return base::InvalidArgument("date_to", "lies before date_from", "DATES_REVERSED");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ListEventsResponse> EventHandlers::ListEvents(
    const rpc::RequestContext& context, const v1::ListEventsRequest& request) {
  EventQuery query;
  if (!request.place().empty()) {
    CITY_ASSIGN_OR_RETURN(query.place, ReadPlace(request.place(), catalogue_, "place"));
  }
  if (!request.article().empty()) {
    CITY_RETURN_IF_ERROR(ReadName(request.article(), "articles", "article").status());
    query.article = request.article();
  }
  CITY_RETURN_IF_ERROR(ReadDates(request, query));
  CITY_ASSIGN_OR_RETURN(query.page_size,
                        base::ClampPageSize(request.page_size(), EventQuery::kDefaultPageSize,
                                            EventQuery::kMaxPageSize));
  const std::uint64_t hash = FilterHash(query);
  if (!request.page_token().empty()) {
    CITY_ASSIGN_OR_RETURN(query.after, base::DecodePageToken(request.page_token(), hash));
  }
  CITY_ASSIGN_OR_RETURN(const EventPage page, store_.ListEvents(query, context.deadline));
  v1::ListEventsResponse response;
  for (const Event& event : page.events) *response.add_events() = ToProto(event);
  if (page.next.has_value()) {
    response.set_next_page_token(base::EncodePageToken(*page.next, hash));
  }
  return response;
}

}  // namespace cityinfo::metrics
