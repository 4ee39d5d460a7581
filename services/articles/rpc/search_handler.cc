#include "services/articles/rpc/search_handler.h"

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/base/utf8.h"
#include "services/articles/rpc/conversion.h"
#include "services/articles/rpc/request_fields.h"

namespace cityinfo::articles {
namespace {

constexpr int64_t kMaxQueryCodePoints = 200;

absl::StatusOr<SearchOrder> OrderFromProto(v1::SearchArticlesRequest::Order order) {
  switch (order) {
    case v1::SearchArticlesRequest::ORDER_UNSPECIFIED:
    case v1::SearchArticlesRequest::RELEVANCE:
      return SearchOrder::kRelevance;
    case v1::SearchArticlesRequest::NEWEST:
      return SearchOrder::kNewest;
    default:
      return base::InvalidArgument("order", "must be RELEVANCE or NEWEST", "INVALID_ORDER");
  }
}

}  // namespace

absl::StatusOr<v1::SearchArticlesResponse> SearchHandler::SearchArticles(
    const rpc::RequestContext& context, const v1::SearchArticlesRequest& request) {
  if (request.query().empty()) {
    return base::InvalidArgument("query", "is required: one or more words", "QUERY_EMPTY");
  }
  if (const int64_t length = base::CountCodePoints(request.query()); length > kMaxQueryCodePoints) {
    return base::InvalidArgument(
        "query",
        absl::StrCat("has ", length, " characters; at most ", kMaxQueryCodePoints, " are allowed"),
        "QUERY_TOO_LONG");
  }
  if (request.query().find('\0') != std::string::npos) {
    return base::InvalidArgument("query", "holds a NUL character", "CONTROL_CHARACTER");
  }
  SearchQuery query{.text = request.query()};
  CITY_ASSIGN_OR_RETURN(query.limit,
                        base::ClampPageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  CITY_ASSIGN_OR_RETURN(query.filter, ParseFilter(request));
  CITY_ASSIGN_OR_RETURN(query.order, OrderFromProto(request.order()));
  const uint64_t hash = RequestHash(request);
  if (!request.page_token().empty()) {
    CITY_ASSIGN_OR_RETURN(query.after, base::DecodePageToken(request.page_token(), hash));
  }
  CITY_ASSIGN_OR_RETURN(const SearchPage page, search_.Search(query, context.deadline));
  v1::SearchArticlesResponse response;
  for (const SearchHit& hit : page.hits) ToProto(hit, response.add_results());
  if (!page.next.empty()) response.set_next_page_token(base::EncodePageToken(page.next, hash));
  return response;
}

}  // namespace cityinfo::articles
