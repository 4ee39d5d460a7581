#pragma once

#include "absl/status/statusor.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "platform/rpc/request_context.h"
#include "services/articles/domain/article_store.h"

namespace cityinfo::articles {

// The methods that change articles, for editors. Thread-safe; `store` must outlive it.
class WriteHandlers {
 public:
  explicit WriteHandlers(ArticleStore& store) : store_(store) {}

  absl::StatusOr<v1::Article> CreateArticle(const rpc::RequestContext& context,
                                            const v1::CreateArticleRequest& request);
  absl::StatusOr<v1::Article> UpdateArticle(const rpc::RequestContext& context,
                                            const v1::UpdateArticleRequest& request);
  absl::StatusOr<v1::Article> RollbackArticle(const rpc::RequestContext& context,
                                              const v1::RollbackArticleRequest& request);
  absl::StatusOr<v1::Article> PublishArticle(const rpc::RequestContext& context,
                                             const v1::PublishArticleRequest& request);
  absl::StatusOr<v1::Article> UnpublishArticle(const rpc::RequestContext& context,
                                               const v1::UnpublishArticleRequest& request);
  absl::StatusOr<v1::Article> DeleteArticle(const rpc::RequestContext& context,
                                            const v1::DeleteArticleRequest& request);
  absl::StatusOr<v1::Article> UndeleteArticle(const rpc::RequestContext& context,
                                              const v1::UndeleteArticleRequest& request);

 private:
  // `change` says what is to happen and when; the request's other fields are added here.
  template <typename Request>
  absl::StatusOr<v1::Article> ChangeState(const rpc::RequestContext& context,
                                          const Request& request, StateChange change);

  ArticleStore& store_;
};

}  // namespace cityinfo::articles
