#include "services/articles/pages/page_text.h"

#include <algorithm>
#include <cstddef>

#include "platform/base/utf8.h"
#include "services/articles/pages/glyph.h"

namespace cityinfo::articles {
namespace {

// Some engines mark display lines with "# ".
std::size_t SkipHeadingMark(std::u32string_view text, std::size_t first, std::size_t last) {
  std::size_t pos = first;
  while (pos < last && pos < first + 6 && text[pos] == U'#') ++pos;
  if (pos == first || pos >= last || !IsSpace(text[pos])) return first;
  while (pos < last && IsSpace(text[pos])) ++pos;
  return pos;
}

// "…。（田野 龙" / "水生）": the remark in brackets that ends a sentence began on the line above.
bool ClosesRemark(std::u32string_view above, std::u32string_view line) {
  constexpr std::size_t kLongestRest = 20;
  if (line.size() > kLongestRest || (line.back() != U'）' && line.back() != U')')) return false;
  if (line.find_first_of(U"（(") != line.npos) return false;
  return EndsSentence(
      std::u32string(above.substr(above.size() - std::min(above.size(), kLongestRest)))
          .append(line));
}

bool IsLineEnd(char32_t c) { return c == U'\n' || c == U'\r' || c == U'\f' || c == 0x2028; }

}  // namespace

PageText::PageText(absl::string_view utf8) {
  text_.reserve(utf8.size() / 2);
  for (std::size_t pos = 0; pos < utf8.size();) {
    text_.push_back(base::DecodeCodePoint(utf8, &pos));
  }
  FindLines();
}

void PageText::FindLines() {
  const std::size_t size = text_.size();
  int blank = 1;
  for (std::size_t start = 0; start < size;) {
    std::size_t end = start;
    while (end < size && !IsLineEnd(text_[end])) ++end;
    std::size_t first = start;
    std::size_t last = end;
    double indent = 0;
    while (first < last && IsSpace(text_[first])) indent += text_[first++] == 0x3000 ? 2 : 1;
    while (last > first && IsSpace(text_[last - 1])) --last;
    first = SkipHeadingMark(text_, first, last);
    if (first == last) {
      ++blank;
    } else {
      PageLine line;
      line.span = {static_cast<std::int64_t>(first), static_cast<std::int64_t>(last)};
      line.blank_before = blank;
      line.indent = static_cast<int>(indent);
      const std::u32string_view text = Slice(line.span);
      line.width = TextWidth(text);
      line.ends_sentence = EndsSentence(text) || (blank == 0 && !lines_.empty() &&
                                                  ClosesRemark(LineText(line_count() - 1), text));
      lines_.push_back(line);
      blank = 0;
    }
    start = end + 1;
    if (end + 1 < size && text_[end] == U'\r' && text_[end + 1] == U'\n') ++start;
  }
}

std::u32string_view PageText::Slice(Span span) const {
  return std::u32string_view(text_).substr(static_cast<std::size_t>(span.begin),
                                           static_cast<std::size_t>(span.end - span.begin));
}

bool PageText::BlankAfter(int i) const {
  return i + 1 >= line_count() || line(i + 1).blank_before > 0;
}

std::string EncodeUtf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size() * 3);
  for (const char32_t c : text) base::AppendUtf8(c, &out);
  return out;
}

}  // namespace cityinfo::articles
