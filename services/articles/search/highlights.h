#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "services/articles/domain/article.h"
#include "services/articles/domain/article_search.h"
#include "services/articles/search/query_language.h"

namespace cityinfo::articles {

// Where the words of `query` stand in `text`, in code points of the text as it is, in order,
// overlapping and touching ones as one.
std::vector<Span> HighlightSpans(absl::string_view text, const ParsedQuery& query);

// Makes the answer of an article (in ArticleView::kFull): where the words of `query` stand in its
// title, and the piece of one block, at most kMaxMatchExcerptCodePoints long, that shows the most
// of them; the first of several. Spans are code points of the original text. The article in the
// answer is in ArticleView::kBasic.
SearchHit MakeSearchHit(Article article, const ParsedQuery& query);

inline constexpr int kMaxMatchExcerptCodePoints = 120;

}  // namespace cityinfo::articles
