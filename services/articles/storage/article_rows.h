#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "platform/sql/connection.h"
#include "services/articles/domain/article.h"

// Articles and revisions as rows. Every function works on the caller's connection, inside the
// caller's transaction.
namespace cityinfo::articles {

// The columns ArticleFromRow expects, of `articles a` and `revisions r`, for a SELECT.
std::string ArticleColumns(ArticleView view);

// As ArticleColumns in ArticleView::kFull, but what a change froze comes from `changes c`.
std::string ChangedArticleColumns();

// How many columns the article takes: the number of the next one.
int ArticleColumnCount(ArticleView view);

// Reads the article from the present row: as it is stored, which may be older than now (see
// Settle). So are all that are read here.
absl::StatusOr<Article> ArticleFromRow(const sql::Statement& row, ArticleView view);

// NOT_FOUND (ARTICLE_NOT_FOUND, REVISION_NOT_FOUND). `revision` 0 is the newest.
absl::StatusOr<Article> ReadArticle(sql::Connection& connection, absl::string_view id,
                                    int64_t revision, ArticleView view);

// The newest revisions in the order asked for; NOT_FOUND when one of them is missing.
absl::StatusOr<std::vector<Article>> ReadArticles(sql::Connection& connection,
                                                  const std::vector<std::string>& ids,
                                                  ArticleView view);

// The same in ArticleView::kFull. RESOURCE_EXHAUSTED (RESPONSE_TOO_LARGE) when their texts have
// more than `max_bytes` together: little more than that is ever in memory.
absl::StatusOr<std::vector<Article>> ReadArticlesWithTexts(sql::Connection& connection,
                                                           const std::vector<std::string>& ids,
                                                           size_t max_bytes);

// Revisions below `before` (0: all), newest first, at most `limit`, in ArticleView::kBasic.
absl::StatusOr<std::vector<Article>> ReadRevisions(sql::Connection& connection, int64_t sequence,
                                                   int64_t before, int limit);

// Stores new articles with their first revisions and sets their sequences, in their order.
// `import_fingerprints` has one for each, or none at all.
absl::Status InsertArticles(sql::Connection& connection, std::span<Article> articles,
                            std::span<const std::string> import_fingerprints = {});

// Stores the revision that `article` is at, and makes it the newest.
absl::Status InsertNextRevision(sql::Connection& connection, const Article& article);

// Stores where `article` stands in its life (state, version, times), and was_public of the newest
// revision.
absl::Status UpdateState(sql::Connection& connection, const Article& article);

}  // namespace cityinfo::articles
