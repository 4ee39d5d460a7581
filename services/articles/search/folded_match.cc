#include "services/articles/search/folded_match.h"

#include <algorithm>

namespace cityinfo::articles {
namespace {

bool IsSecondHalf(char16_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace

size_t FindFolded(std::u16string_view text, std::u16string_view word, size_t from) {
  if (word.size() > text.size()) return std::u16string_view::npos;
  const char16_t first = word.front();
  const char16_t last = word.back();
  const size_t distance = word.size() - 1;
  const size_t end = text.size() - distance;
  const char16_t* const units = text.data();
  // Blocks without a branch inside are what compilers turn into vector instructions.
  constexpr size_t kBlock = 32;
  size_t at = from;
  while (at < end) {
    if (at + kBlock <= end) {
      unsigned any = 0;
      for (size_t i = 0; i < kBlock; ++i) {
        any |= static_cast<unsigned>(units[at + i] == first) &
               static_cast<unsigned>(units[at + i + distance] == last);
      }
      if (any == 0) {
        at += kBlock;
        continue;
      }
    }
    const size_t stop = std::min(at + kBlock, end);
    for (; at < stop; ++at) {
      if (units[at] == first && units[at + distance] == last &&
          text.compare(at, word.size(), word) == 0) {
        return at;
      }
    }
  }
  return std::u16string_view::npos;
}

int CountFolded(std::u16string_view text, std::u16string_view word, int most) {
  int count = 0;
  for (size_t at = FindFolded(text, word); at != std::u16string_view::npos && count < most;
       at = FindFolded(text, word, at + word.size())) {
    ++count;
  }
  return count;
}

size_t CountCodePoints(std::u16string_view folded) {
  return folded.size() -
         static_cast<size_t>(std::count_if(folded.begin(), folded.end(), IsSecondHalf));
}

}  // namespace cityinfo::articles
