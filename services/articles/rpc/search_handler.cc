#include "services/articles/rpc/search_handler.h"

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/base/utf8.h"
#include "services/articles/rpc/caller.h"
#include "services/articles/rpc/conversion.h"
#include "services/articles/rpc/request_fields.h"
#include "services/articles/rpc/search_conversion.h"

namespace cityinfo::articles {
namespace {

constexpr int64_t kMaxQueryCodePoints = 200;
constexpr int64_t kMaxPrefixCodePoints = 100;
constexpr int kDefaultSuggestions = 8;
constexpr int kMaxSuggestions = 20;
constexpr int kDefaultRelated = 5;
constexpr int kMaxRelated = 50;

// What a user typed: something, not too much, and nothing that no text can hold.
absl::Status CheckTyped(absl::string_view text, absl::string_view field, int64_t max_code_points,
                        absl::string_view name) {
  if (text.empty()) {
    return base::InvalidArgument(field, "is required: one or more words",
                                 absl::StrCat(name, "_EMPTY"));
  }
  if (const int64_t length = base::CountCodePoints(text); length > max_code_points) {
    return base::InvalidArgument(
        field,
        absl::StrCat("has ", length, " characters; at most ", max_code_points, " are allowed"),
        absl::StrCat(name, "_TOO_LONG"));
  }
  if (text.find('\0') != absl::string_view::npos) {
    return base::InvalidArgument(field, "holds a NUL character", "CONTROL_CHARACTER");
  }
  return absl::OkStatus();
}

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
  CITY_RETURN_IF_ERROR(CheckTyped(request.query(), "query", kMaxQueryCodePoints, "QUERY"));
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
  ToProto(page, &response);
  if (!page.next.empty()) response.set_next_page_token(base::EncodePageToken(page.next, hash));
  return response;
}

absl::StatusOr<v1::SuggestArticlesResponse> SearchHandler::SuggestArticles(
    const rpc::RequestContext& context, const v1::SuggestArticlesRequest& request) {
  CITY_RETURN_IF_ERROR(CheckTyped(request.prefix(), "prefix", kMaxPrefixCodePoints, "PREFIX"));
  CITY_ASSIGN_OR_RETURN(const int limit, base::ClampPageSize(request.page_size(),
                                                             kDefaultSuggestions, kMaxSuggestions));
  CITY_ASSIGN_OR_RETURN(const std::vector<Suggestion> suggestions,
                        search_.Suggest(request.prefix(), limit, context.deadline));
  v1::SuggestArticlesResponse response;
  for (const Suggestion& suggestion : suggestions) {
    ToProto(suggestion, response.add_suggestions());
  }
  return response;
}

absl::StatusOr<v1::ListRelatedArticlesResponse> SearchHandler::ListRelatedArticles(
    const rpc::RequestContext& context, const v1::ListRelatedArticlesRequest& request) {
  CITY_ASSIGN_OR_RETURN(const std::string id, ParseArticleName(request.name()));
  CITY_ASSIGN_OR_RETURN(const int limit,
                        base::ClampPageSize(request.page_size(), kDefaultRelated, kMaxRelated));
  CITY_ASSIGN_OR_RETURN(const Article article,
                        store_.Get(id, 0, ArticleView::kFull, context.deadline));
  CITY_RETURN_IF_ERROR(RequireVisible(CallerOf(context), article));
  CITY_ASSIGN_OR_RETURN(const std::vector<Article> related,
                        search_.Related(article, limit, context.deadline));
  v1::ListRelatedArticlesResponse response;
  for (const Article& other : related) ToProto(other, response.add_articles());
  return response;
}

}  // namespace cityinfo::articles
