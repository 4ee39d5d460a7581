#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::metrics {

// The form in which printed text is compared: full-width letters, digits and punctuation become
// ASCII, ASCII letters upper case, the quotation marks one kind. One code point in, one out, so
// that offsets stay.
inline char32_t FoldCharacter(char32_t c) {
  if (c >= U'！' && c <= U'～') c -= U'！' - U'!';
  if (c >= U'a' && c <= U'z') return c - (U'a' - U'A');
  switch (c) {
    case U'“':
    case U'”':
    case U'「':
    case U'」':
    case U'‘':
    case U'’':
    case U'\'':
      return U'"';
    case U'﹪':
      return U'%';
    case U'∶':
      return U':';
    case U'−':
    case U'–':
    case U'—':
    case U'―':
    case U'─':
    case U'━':
      return U'—';
    case U'∼':
    case U'〜':
      return U'~';
    default:
      return c;
  }
}

inline bool IsSpace(char32_t c) {
  return c == U' ' || c == U'\t' || c == U'\r' || c == 0x3000 || c == 0xA0 || c == 0xFEFF ||
         (c >= 0x2000 && c <= 0x200F) || c == 0x0B || c == 0x0C;
}

// The code points of `text`, folded, without spaces and line breaks.
std::u32string FoldText(absl::string_view text);

}  // namespace cityinfo::metrics
