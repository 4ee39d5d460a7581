#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/articles/domain/article_search.h"
#include "services/articles/search/index_reader.h"
#include "services/articles/search/query_language.h"

namespace cityinfo::articles {

// One page of answers, as the index knows them: ids in order. The words to highlight are in
// `query`; highlights.h makes a SearchHit of them.
struct FoundPage {
  std::vector<std::string> ids;
  ParsedQuery query;
  std::string next;  // As SearchPage, and so are the fields below.
  int64_t total = 0;
  bool total_is_lower_bound = false;
  std::vector<LabelCount> sections;
  std::vector<YearCount> years;
};

// How far a question goes. Their product with what one row costs is what a question may cost.
inline constexpr int kMaxCounted = 1000;       // Matches counted for the total and the facets,
inline constexpr int kMaxCountedTexts = 100;   // of which so many texts are read only for counting.
inline constexpr int kMaxRankedMatches = 300;  // Newest matches that are ranked,
inline constexpr int kMaxRankedTitles = 150;   // and newest ones that match in the title.
// Texts read for that, those included which turn out not to hold a word whose pairs they hold.
inline constexpr int kMaxRankedTexts = 600;
inline constexpr int kMaxRankedTitleTexts = 300;

// Answers `query`, whose text was parsed as `parsed`; see SearchIndex::Find.
absl::StatusOr<FoundPage> FindPage(IndexReader& reader, const SearchQuery& query,
                                   const ParsedQuery& parsed);

}  // namespace cityinfo::articles
