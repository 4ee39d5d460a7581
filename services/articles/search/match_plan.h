#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/articles/domain/article_filter.h"
#include "services/articles/search/query_language.h"
#include "services/articles/search/row_layout.h"

namespace cityinfo::articles {

// How a question is put to the token lists, and what has to be looked up in the text of what they
// give. A word of one or two characters is one token, so the lists know the answer. A longer one is
// all its pairs, which a text may hold without holding the word.
struct MatchPlan {
  std::string expression;                // For FTS5's MATCH.
  std::vector<std::u16string> required;  // To be found in the text (of a title plan: in the title).
  std::vector<std::u16string> refused;   // Not to be found in the text.
};

// `query` must have words. Of the filter its labels count.
MatchPlan PlanBodyMatch(const ParsedQuery& query, const ArticleFilter& filter);
// The same for words that all stand in the title.
MatchPlan PlanTitleMatch(const ParsedQuery& query, const ArticleFilter& filter);

// The tokens that a text with this word in it has, at most kMaxWordTokens.
inline constexpr size_t kMaxWordTokens = 24;
std::vector<std::string> TokensOfWord(std::u16string_view word);

// `token` as a string of FTS5's query language.
std::string QuotedToken(std::string_view token);

// The rows of the days that the filter allows.
RowRange RowsOf(const ArticleFilter& filter, const RowLayout& layout);

}  // namespace cityinfo::articles
