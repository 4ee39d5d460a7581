#pragma once

#include "absl/status/statusor.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "platform/rpc/request_context.h"
#include "services/articles/domain/article_search.h"

namespace cityinfo::articles {

// SearchArticles. Thread-safe; `search` must outlive it.
class SearchHandler {
 public:
  explicit SearchHandler(ArticleSearch& search) : search_(search) {}

  absl::StatusOr<v1::SearchArticlesResponse> SearchArticles(
      const rpc::RequestContext& context, const v1::SearchArticlesRequest& request);

 private:
  ArticleSearch& search_;
};

}  // namespace cityinfo::articles
