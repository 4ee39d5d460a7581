#include "services/articles/pages/column.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "services/articles/pages/glyph.h"

namespace cityinfo::articles {
namespace {

constexpr int kWidest = 64;  // A newspaper column is never wider, in ems.
constexpr int kNarrowest = 8;

// How many lines were seen of each width.
class WidthHistogram {
 public:
  void Add(double width) {
    ++total_;
    const int bin = static_cast<int>(width + 0.5);
    if (bin >= kNarrowest && bin < kWidest) ++bins_[static_cast<std::size_t>(bin)];
  }

  // The width of a full line, and how many lines agree with it: those an em to either side, and the
  // first lines of paragraphs, which are two ems shorter.
  std::pair<int, int> Peak() const {
    int best = 0;
    int count = 0;
    for (int w = kNarrowest; w < kWidest; ++w) {
      const int here = At(w - 2) + At(w - 1) + 2 * At(w) + At(w + 1);
      if (here > count) {
        best = w;
        count = here;
      }
    }
    return {best, At(best - 2) + At(best - 1) + At(best) + At(best + 1)};
  }

  int total() const { return total_; }

 private:
  int At(int w) const {
    return w >= kNarrowest && w < kWidest ? bins_[static_cast<std::size_t>(w)] : 0;
  }

  std::array<int, kWidest> bins_{};
  int total_ = 0;
};

// Whether most lines which certainly begin a paragraph (below a blank line, or below a short line
// that ends a sentence) and break into the next are short by an indent.
bool FirstLinesAreIndented(const PageText& page, int first, int last, double width) {
  int begins = 0;
  int indented = 0;
  for (int i = first; i < last; ++i) {
    const PageLine& line = page.line(i);
    const bool after_last_line =
        i > first && page.line(i - 1).ends_sentence && page.line(i - 1).width < width - 3;
    if (line.blank_before == 0 && !after_last_line) continue;
    if (line.ends_sentence || page.BlankAfter(i)) continue;
    if (line.width < width - 4.5 || line.width > width + 2) continue;
    ++begins;
    indented += line.width <= width - 1.5 ? 1 : 0;
  }
  return begins >= 2 && indented * 10 >= begins * 6;
}

// A space between two characters neither of which asks for one marks a printed line's end.
void AddSegments(std::u32string_view text, WidthHistogram& histogram) {
  double width = 0;
  bool first = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!IsSpace(text[i])) {
      width += GlyphWidth(text[i]);
      continue;
    }
    const char32_t before = text[i - 1];
    const bool mid_sentence = !IsSentenceEnd(before) && !IsQuote(before);
    // The first segment of a line is often a paragraph's indented first line.
    if (mid_sentence && !first) histogram.Add(width);
    first = false;
    width = 0;
  }
}

}  // namespace

Column MeasureColumn(const PageText& page, int first, int last) {
  WidthHistogram lines;
  WidthHistogram segments;
  for (int i = first; i < last; ++i) {
    const PageLine& line = page.line(i);
    const bool broken = !line.ends_sentence && !page.BlankAfter(i);
    if (broken && line.width >= kNarrowest) lines.Add(line.width);
    AddSegments(page.LineText(i), segments);
  }
  Column column;
  const auto [line_peak, line_count] = lines.Peak();
  if (line_count >= 3 && line_count * 5 >= lines.total() * 2) {
    column.width = line_peak;
    column.fixed = true;
    column.indents = FirstLinesAreIndented(page, first, last, column.width);
    return column;
  }
  const auto [segment_peak, segment_count] = segments.Peak();
  if (segment_count >= 4 && segment_count * 3 >= segments.total()) column.width = segment_peak;
  return column;
}

}  // namespace cityinfo::articles
