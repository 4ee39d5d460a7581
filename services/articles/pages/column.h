#pragma once

#include "services/articles/pages/page_text.h"

namespace cityinfo::articles {

// The column in which a stretch of the page was set. Its width tells a line that was broken by the
// column's edge from one that ended because the paragraph did.
struct Column {
  double width = 0;      // In ems; 0 when the text does not show it.
  bool fixed = false;    // The page's line breaks are the printed ones.
  bool indents = false;  // Paragraphs begin with an indent: their first lines are shorter.

  // Ends near the column's edge: what follows may be the same sentence. `slack` in ems.
  bool Fills(double line_width, double slack = 2.5) const {
    return width == 0 || line_width >= width - slack;
  }

  // Breaks before the column's edge by the depth of an indent: a paragraph's first line.
  bool LooksIndented(double line_width) const {
    return indents && line_width <= width - 1.5 && line_width >= width - 4.5;
  }

  // Reaches from edge to edge: not a paragraph's first line where those are indented.
  bool Spans(double line_width) const { return indents && line_width >= width - 0.75; }

  // Too long for one printed line: the engine wrote several printed lines as one.
  bool Exceeds(double line_width) const { return width > 0 && line_width > width * 1.25; }
};

// Measures the column from lines [first, last). Where the engine kept the printed line breaks, the
// lines which end mid-sentence tell; where it ran them together, the spaces it left at the breaks
// do.
Column MeasureColumn(const PageText& page, int first, int last);

}  // namespace cityinfo::articles
