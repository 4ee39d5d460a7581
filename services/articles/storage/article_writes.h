#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/storage/request_ids.h"
#include "services/articles/storage/write.h"

// What the writes of ArticleStore do inside their transaction. What can be checked without the
// store has been checked.
namespace cityinfo::articles {

absl::StatusOr<Article> CreateArticle(Write& write, const NewArticle& request,
                                      const RequestIdLimits& limits);
absl::StatusOr<Article> UpdateArticle(Write& write, const ArticleUpdate& request,
                                      const RequestIdLimits& limits);
absl::StatusOr<Article> RollbackArticle(Write& write, const ArticleRollback& request,
                                        const RequestIdLimits& limits);
absl::StatusOr<Article> ChangeArticleState(Write& write, const StateChange& request,
                                           const RequestIdLimits& limits);

// The articles of a page that was imported before come as they stand now.
absl::StatusOr<ImportedPage> StorePage(Write& write, const PageImport& page,
                                       const std::string& fingerprint);

}  // namespace cityinfo::articles
