#include "services/articles/pages/glyph.h"

#include <cstddef>

namespace cityinfo::articles {
namespace {

using std::u32string_view;

bool OneOf(char32_t c, u32string_view set) { return set.find(c) != u32string_view::npos; }

// The beginning of a trailing "(…)", or npos when the text does not end with one of bounded length.
std::size_t TrailingBracket(u32string_view text) {
  constexpr std::size_t kLongestBracket = 40;
  for (std::size_t back = 2; back <= text.size() && back <= kLongestBracket; ++back) {
    const char32_t c = text[text.size() - back];
    if (OneOf(c, U"(（")) return text.size() - back;
    if (OneOf(c, U")）。")) break;
  }
  return u32string_view::npos;
}

// Looks through quotes and brackets that close behind the sentence.
bool EndsWithSentenceEnd(u32string_view text) {
  std::size_t end = text.size();
  while (end > 0 &&
         (IsClosing(text[end - 1]) || IsQuote(text[end - 1]) || IsSpace(text[end - 1]))) {
    --end;
  }
  if (end == 0) return false;
  if (IsSentenceEnd(text[end - 1])) return true;
  // A full stop read as a point, or a Latin sentence.
  return text[end - 1] == U'.' && end > 1 && (IsHan(text[end - 2]) || IsLatinLetter(text[end - 2]));
}

}  // namespace

bool IsSpace(char32_t c) {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x3000 || c == 0xFEFF ||
         (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029;
}

bool IsHan(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || c == 0x3007 ||
         (c >= 0x20000 && c <= 0x323AF) || (c >= 0xF900 && c <= 0xFAFF);
}

bool IsLatinLetter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }

bool IsDigit(char32_t c) { return (c >= U'0' && c <= U'9') || (c >= 0xFF10 && c <= 0xFF19); }

bool IsWordGlyph(char32_t c) { return IsLatinLetter(c) || (c >= U'0' && c <= U'9'); }

bool IsSentenceEnd(char32_t c) { return OneOf(c, U"。！？!?…｡"); }

bool IsClauseMark(char32_t c) { return OneOf(c, U"，,；;、：:"); }

bool IsComma(char32_t c) { return OneOf(c, U"，,；;"); }

bool IsOpening(char32_t c) { return OneOf(c, U"“‘《〈（([【「『<"); }

bool IsClosing(char32_t c) { return OneOf(c, U"”’》〉）)]】」』>"); }

bool IsQuote(char32_t c) { return OneOf(c, U"“”‘’\"'「」『』"); }

bool IsDash(char32_t c) { return OneOf(c, U"—–─━―-－‐‑﹣_~"); }

double GlyphWidth(char32_t c) {
  if (IsWordGlyph(c) || OneOf(c, U".%+/ ")) return 0.5;
  return 1.0;
}

double TextWidth(u32string_view text) {
  double width = 0;
  for (const char32_t c : text) width += GlyphWidth(c);
  return width;
}

int InkLength(u32string_view text) {
  int count = 0;
  for (const char32_t c : text) count += IsSpace(c) ? 0 : 1;
  return count;
}

bool EndsSentence(u32string_view text) {
  for (text = TrimSpace(text); !text.empty(); text = TrimSpace(text)) {
    if (EndsWithSentenceEnd(text)) return true;
    // A closing remark in brackets belongs to the sentence before it.
    if (!OneOf(text.back(), U")）")) return false;
    const std::size_t open = TrailingBracket(text);
    if (open == u32string_view::npos) return false;
    text = text.substr(0, open);
  }
  return false;
}

u32string_view TrimSpace(u32string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

bool StartsWith(u32string_view text, u32string_view prefix) { return text.starts_with(prefix); }

bool EndsWith(u32string_view text, u32string_view suffix) { return text.ends_with(suffix); }

bool Contains(u32string_view text, u32string_view part) {
  return text.find(part) != u32string_view::npos;
}

}  // namespace cityinfo::articles
