#pragma once

#include <cstddef>
#include <vector>

#include "services/articles/domain/article.h"
#include "services/articles/search/search_index.h"

namespace cityinfo::articles {

inline constexpr size_t kMaxRelatedTerms = 32;

// What an article (in ArticleView::kFull, for the best choice) speaks of: pairs of characters and
// words of its title and subtitle, heavier when its text says them again; its tags; pairs that its
// text says again and again. How rare a term is elsewhere is the index's to say. At most
// kMaxRelatedTerms, heaviest first; empty for an article without words.
std::vector<WeightedTerm> RelatedTerms(const Article& article);

}  // namespace cityinfo::articles
