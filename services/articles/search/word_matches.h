#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/articles/domain/article.h"

namespace cityinfo::articles {

// The words of a query: separated by ASCII or ideographic spaces, each once, at most
// kMaxQueryWords.
inline constexpr size_t kMaxQueryWords = 16;
std::vector<std::string> QueryWords(absl::string_view query);

// Where any of `words` stands in `text`, in code points, in order, overlapping ones merged. ASCII
// letters match in either case.
std::vector<Span> FindWords(absl::string_view text, const std::vector<std::string>& words);

// How many of `words` stand in `text`.
int CountWordsIn(absl::string_view text, const std::vector<std::string>& words);

// A piece of one block with the most words in it, and where they stand in the piece.
struct Excerpt {
  std::string text;
  std::vector<Span> spans;
};
inline constexpr int kExcerptCodePoints = 120;

// Empty when no block holds a word.
Excerpt MakeMatchExcerpt(const std::vector<Block>& blocks, const std::vector<std::string>& words);

}  // namespace cityinfo::articles
