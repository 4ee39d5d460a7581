#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/articles/domain/article.h"
#include "services/articles/domain/article_filter.h"

namespace cityinfo::articles {

enum class SearchOrder { kRelevance, kNewest };

struct SearchQuery {
  std::string text;      // Words separated by white space; every one must be found.
  ArticleFilter filter;  // Its state and words are the search's own.
  SearchOrder order = SearchOrder::kRelevance;
  int limit = 20;
  std::string after;  // SearchPage::next of the page before; empty begins.
};

struct SearchHit {
  Article article;  // ArticleView::kBasic.
  std::vector<Span> title_spans;
  std::string excerpt;  // Around the best match in the text; empty when only the title matched.
  std::vector<Span> excerpt_spans;
};

struct SearchPage {
  std::vector<SearchHit> hits;
  std::string next;  // Empty at the end.
};

// Finds published articles by words. No query is an error except one without a word
// (INVALID_ARGUMENT on "query"). Thread-safe.
class ArticleSearch {
 public:
  virtual ~ArticleSearch() = default;
  virtual absl::StatusOr<SearchPage> Search(const SearchQuery& query, absl::Time deadline) = 0;
};

}  // namespace cityinfo::articles
