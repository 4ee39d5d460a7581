#pragma once

#include <cstdint>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "services/articles/pages/page_text.h"

namespace cityinfo::articles {

// How strongly the end of one piece of text asks for the beginning of another.
enum class Continuation {
  kNo,        // A sentence ends there, or a new one must begin here.
  kPossible,  // Nothing speaks against it.
  kLikely,    // The two ends form a word which the page knows, or the beginning cannot stand first.
};

// Answers which line continues which, from the page's own words: where "环" ends a line and "境"
// begins one, the "环境" elsewhere on the page says that they belong together. A short list of
// words every newspaper uses stands in where the page is short. Immutable once built.
class WordEvidence {
 public:
  explicit WordEvidence(const PageText& page);

  Continuation Continues(std::u32string_view before, std::u32string_view after) const;

  // Whether two neighbouring characters of `text`, which stands on the page itself, form a word:
  // one that every newspaper uses, or that stands on the page a second time.
  bool KnowsWordIn(std::u32string_view text) const;

 private:
  bool FormWord(char32_t a, char32_t b) const;

  absl::flat_hash_map<std::uint64_t, int> pairs_;
};

// True when the text begins with a word that opens a sentence ("近年来", "与此同时").
bool OpensSentence(std::u32string_view text);

// True when the text cannot be the beginning of a paragraph ("的金色季节。", "，并且").
bool CannotStandFirst(std::u32string_view text);

}  // namespace cityinfo::articles
