#include "services/articles/pages/text_mending.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "services/articles/pages/glyph.h"
#include "services/articles/pages/head_line.h"

namespace cityinfo::articles {
namespace {

// Whether `next` needs a space between itself and the text so far.
bool NeedsSpace(std::u32string_view text, char32_t next) {
  if (text.empty()) return false;
  const char32_t last = text.back();
  if (IsWordGlyph(last))
    return IsWordGlyph(next) || (IsLatinLetter(last) && (next == U'(' || next == U'&'));
  if (!IsWordGlyph(next)) return false;
  // Latin punctuation behind a Latin word, a unit behind a number.
  const bool latin_mark = std::u32string_view(U",.;:!?)%&").find(last) != std::u32string_view::npos;
  return latin_mark && IsLatinLetter(next) && text.size() >= 2 &&
         (IsLatinLetter(text[text.size() - 2]) || last == U'%' || last == U'&');
}

// "达28" at the end of a line and "1.76亿元" on the next: the column was too narrow for the number.
bool BreaksNumber(std::u32string_view text, char32_t next) {
  return !text.empty() && IsDigit(text.back()) && IsDigit(next);
}

// The end of a bracket full of names that opens at `open` ("（记者 石小梅 通讯员 杨光）"), where
// the printed spaces are kept; `open` when it is none.
std::size_t NamesEnd(std::u32string_view piece, std::size_t open) {
  constexpr std::size_t kLongest = 40;
  const std::size_t close = piece.substr(open, kLongest).find_first_of(U")）");
  if (close == std::u32string_view::npos || close < 3) return open;
  const std::u32string_view inside = piece.substr(open + 1, close - 1);
  return ReadByline(inside) || ReadBareNames(inside) ? open + close : open;
}

// "“双百” 行动": a quoted word and what it qualifies are one clause, whatever the engine thought.
bool ClosesShortQuote(std::u32string_view text) {
  constexpr std::size_t kShortQuote = 6;
  if (text.empty() || !IsQuote(text.back())) return false;
  for (std::size_t back = 2; back <= kShortQuote && back <= text.size(); ++back) {
    const std::size_t open = text.size() - back;
    if (IsQuote(text[open])) return open > 0 && IsSpace(text[open - 1]);
  }
  return false;
}

}  // namespace

Span MendedText::PageSpan(std::size_t first, std::size_t last) const {
  if (origin.empty() || first >= last) return {};
  last = std::min(last, origin.size());
  first = std::min(first, last - 1);
  // Moved pieces make the places jump; the span names where the first character stands.
  const std::int64_t begin = origin[first];
  std::int64_t end = begin + 1;
  for (std::size_t i = first; i < last && origin[i] >= begin; ++i)
    end = std::max(end, origin[i] + 1);
  return {begin, end};
}

MendedText MendRunningText(const PageText& page, const std::vector<Span>& pieces) {
  MendedText out;
  for (const Span& piece : pieces) {
    bool gap = true;
    bool line_start = true;
    std::size_t names_end = 0;
    const std::u32string_view text = page.Slice(piece);
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char32_t c = text[i];
      if (IsSpace(c)) {
        gap = true;
        line_start |= c == U'\n';
        continue;
      }
      const std::int64_t here = piece.begin + static_cast<std::int64_t>(i);
      const bool between_names = i > 0 && i < names_end && IsHan(c) && IsHan(out.text.back());
      const bool one_number = line_start && BreaksNumber(out.text, c);
      if (gap && !one_number && (NeedsSpace(out.text, c) || between_names)) {
        out.Append(U' ', here - 1);
      }
      gap = line_start = false;
      out.Append(c, here);
      if (c == U'(' || c == U'（') names_end = NamesEnd(text, i);
    }
  }
  return out;
}

MendedText MendDisplayText(const PageText& page, const std::vector<Span>& lines) {
  MendedText out;
  for (const Span& line : lines) {
    bool gap = false;
    bool line_start = true;
    std::int64_t place = line.begin;
    for (const char32_t c : page.Slice(line)) {
      const std::int64_t here = place++;
      if (IsSpace(c)) {
        gap = true;
        continue;
      }
      const bool needed = (gap || line_start) && NeedsSpace(out.text, c);
      const bool clause =
          gap && !line_start && !IsClauseMark(out.text.back()) && !ClosesShortQuote(out.text);
      if (needed || clause) out.Append(U' ', here - 1);
      gap = line_start = false;
      out.Append(c, here);
    }
  }
  return out;
}

}  // namespace cityinfo::articles
