#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "platform/rpc/request_context.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/rpc/answer_cache.h"
#include "services/articles/rpc/label_count_cache.h"

namespace cityinfo::articles {

// The methods that read articles. Readers without an editor's role see published articles only.
// `standing`, where it is not null, becomes how long the answer stays what it is.
// Thread-safe; `store` must outlive it.
class ReadHandlers {
 public:
  explicit ReadHandlers(ArticleStore& store)
      : store_(store),
        tags_(std::make_unique<LabelCountCache>()),
        sections_(std::make_unique<LabelCountCache>()) {}

  absl::StatusOr<v1::Article> GetArticle(const rpc::RequestContext& context,
                                         const v1::GetArticleRequest& request,
                                         Standing* standing = nullptr);
  absl::StatusOr<v1::BatchGetArticlesResponse> BatchGetArticles(
      const rpc::RequestContext& context, const v1::BatchGetArticlesRequest& request,
      Standing* standing = nullptr);
  absl::StatusOr<v1::ListArticlesResponse> ListArticles(const rpc::RequestContext& context,
                                                        const v1::ListArticlesRequest& request,
                                                        Standing* standing = nullptr);
  absl::StatusOr<v1::ListArticleRevisionsResponse> ListArticleRevisions(
      const rpc::RequestContext& context, const v1::ListArticleRevisionsRequest& request);
  absl::StatusOr<v1::ListTagsResponse> ListTags(const rpc::RequestContext& context,
                                                const v1::ListTagsRequest& request);
  absl::StatusOr<v1::ListSectionsResponse> ListSections(const rpc::RequestContext& context,
                                                        const v1::ListSectionsRequest& request);

 private:
  ArticleStore& store_;
  std::unique_ptr<LabelCountCache> tags_;
  std::unique_ptr<LabelCountCache> sections_;
};

}  // namespace cityinfo::articles
