#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/search/index_reader.h"

// What suggestions and related articles ask of the index; the promises are in search_index.h.
namespace cityinfo::articles {

// A piece of text and how much it counts when it stands in an article.
struct WeightedTerm {
  std::string text;  // As written; folded when it is looked up.
  double weight = 1;
};

struct ScoredArticle {
  std::string id;
  double score = 0;
};

absl::StatusOr<std::vector<std::string>> FindTitlesWith(IndexReader& reader, absl::string_view text,
                                                        int limit);
// So many of the newest titles with the text in them are looked at.
inline constexpr int kMaxSuggestedTitles = 200;

absl::StatusOr<std::vector<LabelCount>> FindTagsWithPrefix(IndexReader& reader,
                                                           absl::string_view prefix, int limit);
// So many tags with the prefix, in the order of their letters, are looked at.
inline constexpr int kMaxSuggestedTags = 2000;

absl::StatusOr<std::vector<ScoredArticle>> FindBestFor(IndexReader& reader,
                                                       const std::vector<WeightedTerm>& terms,
                                                       absl::string_view except, int limit);
inline constexpr size_t kMaxTerms = 64;
inline constexpr size_t kMaxTermCodePoints = 32;
inline constexpr int kMaxTermDocuments = 1000;

}  // namespace cityinfo::articles
