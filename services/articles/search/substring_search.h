#pragma once

#include "services/articles/domain/article_search.h"
#include "services/articles/domain/article_store.h"

namespace cityinfo::articles {

// ArticleSearch by asking the store for articles that contain the words: every store can answer it,
// and nothing has to be kept up to date; its cost grows with the archive. Relevance orders the
// newest kMaxCandidates matches by how many words their title holds, then newest first.
class SubstringSearch final : public ArticleSearch {
 public:
  static constexpr int kMaxCandidates = 500;

  // `store` must outlive the search.
  explicit SubstringSearch(ArticleStore& store) : store_(store) {}

  absl::StatusOr<SearchPage> Search(const SearchQuery& query, absl::Time deadline) override;

 private:
  ArticleStore& store_;
};

}  // namespace cityinfo::articles
