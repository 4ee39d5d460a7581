#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "platform/rpc/request_context.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/rpc/caller.h"

namespace cityinfo::articles {

// DiffArticleRevisions. A reader without an editor's role compares only revisions that were public,
// and the one before is for them the last public one before. Thread-safe; `store` must outlive it.
class DiffHandler {
 public:
  explicit DiffHandler(ArticleStore& store) : store_(store) {}

  absl::StatusOr<v1::DiffArticleRevisionsResponse> DiffArticleRevisions(
      const rpc::RequestContext& context, const v1::DiffArticleRevisionsRequest& request);

 private:
  // The newest revision below that of `newer` that the caller may see; 0 when there is none.
  absl::StatusOr<int64_t> RevisionBefore(const Article& newer, const Caller& caller,
                                         absl::Time deadline);

  ArticleStore& store_;
};

}  // namespace cityinfo::articles
