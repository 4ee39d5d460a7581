#pragma once

#include "services/metrics/domain/extraction/source_text.h"

namespace cityinfo::metrics {

// Small looks at the characters of a text, for rules about clauses. All constant in time but for
// the length of the words given.

// A stretch of characters of a SourceText, [begin, end).
struct TextRange {
  int begin = 0;
  int end = 0;

  bool empty() const { return begin >= end; }
};

inline bool EndsSentence(char32_t c) {
  return c == U'。' || c == U'!' || c == U'?' || c == U';' || c == U'\n' || c == U'\0';
}
inline bool EndsClause(char32_t c) { return EndsSentence(c) || c == U',' || c == U':'; }

// Whether `c` is one of the characters of `list`.
inline bool IsOneOf(char32_t c, const char32_t* list) {
  for (; *list != 0; ++list) {
    if (*list == c) return true;
  }
  return false;
}

// Whether `word` stands at `at`.
inline bool IsAt(const SourceText& text, int at, const char32_t* word) {
  for (int i = 0; word[i] != 0; ++i) {
    if (text.at(at + i) != word[i]) return false;
  }
  return true;
}

inline int LengthOf(const char32_t* word) {
  int length = 0;
  while (word[length] != 0) ++length;
  return length;
}

}  // namespace cityinfo::metrics
