#include "services/articles/pages/run_on_line.h"

#include <cstddef>
#include <cstdint>

#include "services/articles/pages/glyph.h"

namespace cityinfo::articles {
namespace {

// The printed lines of which a run-on line consists.
std::vector<Span> PrintedLines(const PageText& page, Span line) {
  std::vector<Span> parts;
  const std::u32string_view text = page.Slice(line);
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !IsSpace(text[i])) continue;
    if (i > begin) {
      parts.push_back({line.begin + static_cast<std::int64_t>(begin),
                       line.begin + static_cast<std::int64_t>(i)});
    }
    begin = i + 1;
  }
  return parts;
}

}  // namespace

std::vector<Span> SplitRunOnLine(const PageText& page, Span line, const Column& column) {
  if (column.fixed || column.width == 0) return {line};
  const bool run_on = column.Exceeds(TextWidth(page.Slice(line)));
  constexpr double kRagged = 2;     // A full line may end this far from the edge.
  constexpr double kFirstLine = 5;  // A paragraph's first line is indented as well.
  const std::vector<Span> printed = PrintedLines(page, line);
  std::vector<Span> paragraphs;
  Span open = {line.begin, line.begin};
  for (std::size_t i = 0; i < printed.size(); ++i) {
    open.end = printed[i].end;
    if (i + 1 == printed.size()) break;
    const std::u32string_view text = page.Slice(printed[i]);
    const bool last_line = EndsSentence(text) && TextWidth(text) < column.width - kRagged;
    if (!last_line) continue;
    const double next_width = TextWidth(page.Slice(printed[i + 1]));
    const bool ends_here = run_on && i + 2 == printed.size();
    if (next_width < column.width - kFirstLine && !ends_here) continue;
    paragraphs.push_back(open);
    open.begin = printed[i + 1].begin;
  }
  paragraphs.push_back(open);
  return paragraphs;
}

}  // namespace cityinfo::articles
