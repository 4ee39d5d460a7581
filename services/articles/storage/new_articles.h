#pragma once

#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/articles/domain/article.h"
#include "services/articles/storage/write.h"

namespace cityinfo::articles {

// A first revision, not stored yet: a draft, or public from now on.
Article MakeArticle(const Write& write, ArticleContent content, absl::string_view author,
                    absl::string_view summary, bool publish);

// Stores new articles with their changes and sets their sequences. `import_fingerprints` as in
// InsertArticles.
absl::Status StoreNew(Write& write, std::span<Article> articles,
                      std::span<const std::string> import_fingerprints = {});

}  // namespace cityinfo::articles
