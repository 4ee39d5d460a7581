#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/articles/domain/article.h"
#include "services/articles/domain/article_filter.h"
#include "services/articles/domain/article_store.h"

namespace cityinfo::articles {

enum class SearchOrder { kRelevance, kNewest };

struct SearchQuery {
  std::string text;      // Words, "phrases" and -exclusions, as the user typed them.
  ArticleFilter filter;  // Its state does not count: what is found is public.
  SearchOrder order = SearchOrder::kRelevance;
  int limit = 20;
  std::string after;  // SearchPage::next of the page before; empty begins.
};

struct SearchHit {
  Article article;  // ArticleView::kBasic.
  std::vector<Span> title_spans;
  std::string excerpt;  // Around the best match in the text; empty when only the title matched.
  std::vector<Span> excerpt_spans;
  int excerpt_block = -1;     // Index of the block the excerpt was cut from.
  int64_t excerpt_begin = 0;  // Where in that block's text, in code points.
};

struct YearCount {
  int year = 0;
  int64_t count = 0;

  friend bool operator==(const YearCount&, const YearCount&) = default;
};

struct SearchPage {
  std::vector<SearchHit> hits;
  std::string next;   // Empty at the end.
  int64_t total = 0;  // Matches; with the next, at least so many.
  bool total_is_lower_bound = false;
  // Of the matches that were counted; on the first page only.
  std::vector<LabelCount> sections;  // Largest first, then by label; at most kMaxSectionFacets.
  std::vector<YearCount> years;      // Newest first; at most kMaxYearFacets.
  int64_t changes_behind = 0;        // Committed changes that the search has not seen yet.
};

inline constexpr size_t kMaxSectionFacets = 20;
inline constexpr size_t kMaxYearFacets = 50;

enum class SuggestionKind { kIndicator, kTag, kTitle };

struct Suggestion {
  std::string text;
  SuggestionKind kind = SuggestionKind::kTitle;
  std::vector<Span> spans;  // Where in `text` the prefix stands.
  std::string article_id;   // Of a title.
};

// Finds published articles by words. No query is an error except one without a word to find
// (INVALID_ARGUMENT on "query", QUERY_EMPTY). What is public is decided at the time of the
// question. Thread-safe.
class ArticleSearch {
 public:
  virtual ~ArticleSearch() = default;
  virtual absl::StatusOr<SearchPage> Search(const SearchQuery& query, absl::Time deadline) = 0;

  // Ways to complete `prefix`, best first, at most `limit`, no text twice.
  virtual absl::StatusOr<std::vector<Suggestion>> Suggest(absl::string_view /*prefix*/,
                                                          int /*limit*/, absl::Time /*deadline*/) {
    return absl::UnimplementedError("suggest");
  }

  // Published articles that speak of what `article` (its title, tags, section) speaks of, closest
  // first, in ArticleView::kBasic; never the article itself.
  virtual absl::StatusOr<std::vector<Article>> Related(const Article& /*article*/, int /*limit*/,
                                                       absl::Time /*deadline*/) {
    return absl::UnimplementedError("related");
  }
};

}  // namespace cityinfo::articles
