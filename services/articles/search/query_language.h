#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cityinfo::articles {

// What a user typed, taken apart. Words are folded (text_folding.h), in UTF-16, not empty, without
// line breaks; each once. A phrase is a word that may hold spaces.
struct ParsedQuery {
  std::vector<std::u16string> words;     // All must stand in the article.
  std::vector<std::u16string> excluded;  // None may.
};

inline constexpr size_t kMaxQueryWords = 16;

// Takes whatever comes, ill-formed UTF-8 too:
//   * Words are separated by white space of any kind and width.
//   * "…" where a word may begin is a phrase, up to the next quotation mark or else to the end.
//     Spaces at its ends do not count. In full width too.
//   * “…” and 「…」 are phrases when they are a whole word: between spaces. Elsewhere these marks
//   are
//     characters of the text like any other, for in Chinese they are printed all the time.
//   * A dash (half or full width) right before a word or phrase excludes it. A dash alone between
//     words means nothing; anywhere else it is a character like any other.
//   * The first kMaxQueryWords words and exclusions count.
ParsedQuery ParseQuery(absl::string_view text);

}  // namespace cityinfo::articles
