#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/articles/domain/block.h"

// Texts are compared folded: what a reader takes for the same is the same.
//   * NFKC with case folding (Unicode's NFKC_Casefold, which drops invisible characters too): full
//     and half width, ligatures, "㎡" and "m2", capitals;
//   * traditional characters become simplified ones (ICU's table, one for one, which makes “ of 「
//     too);
//   * white space and control characters of every kind become one space each.
// Folding what is folded changes nothing. The folded text is UTF-16, in which nearly every Chinese
// character is one unit. Ill-formed UTF-8 folds as U+FFFD.
namespace cityinfo::articles {

std::u16string FoldText(absl::string_view text);
void AppendFolded(absl::string_view text, std::u16string* out);

// A folded text that knows where it came from.
struct FoldedText {
  std::u16string text;
  // For each unit of `text` the code point of the original that it stands for (the first one where
  // several became one).
  std::vector<uint32_t> origins;
  int64_t original_size = 0;  // In code points.

  // What of the original became the units [begin, end), which must not be empty: whole characters,
  // with the marks and invisible characters behind them.
  Span Original(size_t begin, size_t end) const;
};

FoldedText FoldWithOrigins(absl::string_view text);

// Folded text as UTF-8. Lone surrogates, which folding never gives, become U+FFFD.
void AppendUtf8(std::u16string_view folded, std::string* out);

// Differs when another version of ICU would fold otherwise.
std::string FoldingFingerprint();

}  // namespace cityinfo::articles
