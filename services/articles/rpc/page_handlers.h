#pragma once

#include "absl/status/statusor.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "platform/rpc/request_context.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/domain/page_import.h"

namespace cityinfo::articles {

// The methods that take printed pages apart. Thread-safe; `store` must outlive it.
class PageHandlers {
 public:
  PageHandlers(ArticleStore& store, PageSplitter splitter)
      : store_(store), splitter_(std::move(splitter)) {}

  absl::StatusOr<v1::ImportPageResponse> ImportPage(const rpc::RequestContext& context,
                                                    const v1::ImportPageRequest& request);
  absl::StatusOr<v1::SplitPageResponse> SplitPage(const rpc::RequestContext& context,
                                                  const v1::SplitPageRequest& request);

 private:
  // INVALID_ARGUMENT on text (PAGE_EMPTY, PAGE_TOO_LARGE, NOT_UTF8, NO_ARTICLE_FOUND).
  absl::StatusOr<std::vector<ArticleContent>> Split(const std::string& text) const;

  ArticleStore& store_;
  const PageSplitter splitter_;
};

}  // namespace cityinfo::articles
