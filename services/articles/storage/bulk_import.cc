#include "services/articles/storage/bulk_import.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "platform/base/status_macros.h"
#include "services/articles/domain/article_validation.h"
#include "services/articles/storage/import_rows.h"
#include "services/articles/storage/new_articles.h"

namespace cityinfo::articles {

BulkImport::BulkImport(const std::vector<ArticleImport>& articles, absl::string_view author)
    : articles_(articles), author_(author) {
  for (const ArticleImport& article : articles_) {
    valid_.push_back(ValidateContent(article.content));
    fingerprints_.push_back(valid_.back().ok() ? ContentFingerprint(article.content) : "");
  }
}

absl::StatusOr<std::vector<ImportedArticle>> BulkImport::Store(Write& write) const {
  CITY_ASSIGN_OR_RETURN(const auto stored, FindImported(write.connection, fingerprints_));
  std::vector<ImportedArticle> results;
  std::vector<Article> made;
  std::vector<std::string> made_fingerprints;
  // By fingerprint: the id of what is stored, and what would be if it were not only looked at.
  absl::flat_hash_map<absl::string_view, std::string> known(stored.begin(), stored.end());
  absl::flat_hash_set<absl::string_view> would_be;
  for (size_t i = 0; i < articles_.size(); ++i) {
    ImportedArticle& result = results.emplace_back();
    result.status = valid_[i];
    if (!result.status.ok()) continue;
    const ArticleImport& article = articles_[i];
    std::string& id = known[fingerprints_[i]];
    result.existing =
        !id.empty() || (article.validate_only && !would_be.insert(fingerprints_[i]).second);
    if (id.empty() && !article.validate_only) {
      made.push_back(MakeArticle(write, article.content, author_, "imported", article.publish));
      made_fingerprints.push_back(fingerprints_[i]);
      id = made.back().id;
    }
    result.id = id;
  }
  CITY_RETURN_IF_ERROR(StoreNew(write, made, made_fingerprints));
  return results;
}

}  // namespace cityinfo::articles
