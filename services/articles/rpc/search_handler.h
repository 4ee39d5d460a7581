#pragma once

#include "absl/status/statusor.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "platform/rpc/request_context.h"
#include "services/articles/domain/article_search.h"
#include "services/articles/domain/article_store.h"

namespace cityinfo::articles {

// SearchArticles, SuggestArticles, ListRelatedArticles. Thread-safe; `search` and `store` must
// outlive it.
class SearchHandler {
 public:
  SearchHandler(ArticleSearch& search, ArticleStore& store) : search_(search), store_(store) {}

  absl::StatusOr<v1::SearchArticlesResponse> SearchArticles(
      const rpc::RequestContext& context, const v1::SearchArticlesRequest& request);

  absl::StatusOr<v1::SuggestArticlesResponse> SuggestArticles(
      const rpc::RequestContext& context, const v1::SuggestArticlesRequest& request);

  absl::StatusOr<v1::ListRelatedArticlesResponse> ListRelatedArticles(
      const rpc::RequestContext& context, const v1::ListRelatedArticlesRequest& request);

 private:
  ArticleSearch& search_;
  ArticleStore& store_;
};

}  // namespace cityinfo::articles
