#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/storage/write.h"

namespace cityinfo::articles {

// A group of articles to be imported, looked at before the write begins: what is valid, and by
// which fingerprint each is known.
class BulkImport {
 public:
  // `articles` must outlive it.
  BulkImport(const std::vector<ArticleImport>& articles, absl::string_view author);

  // Stores what is new, with a number of statements that hardly grows with that of the articles.
  // May be called again when the write is run anew.
  absl::StatusOr<std::vector<ImportedArticle>> Store(Write& write) const;

 private:
  const std::vector<ArticleImport>& articles_;
  const std::string author_;
  std::vector<absl::Status> valid_;
  std::vector<std::string> fingerprints_;  // Empty where not valid.
};

}  // namespace cityinfo::articles
