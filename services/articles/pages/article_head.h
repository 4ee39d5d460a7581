#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/articles/pages/column.h"
#include "services/articles/pages/head_line.h"
#include "services/articles/pages/line_role.h"
#include "services/articles/pages/page_text.h"
#include "services/articles/pages/word_evidence.h"

namespace cityinfo::articles {

// The lines with which one article begins.
struct ArticleHead {
  std::vector<int> title_lines;  // In order, never empty.
  std::vector<int> subtitle_lines;
  std::optional<Byline> byline;
  std::optional<std::string> date;
  std::string continued_from;
  int first_body = 0;       // The first line after the head.
  bool certain = true;      // False when no byline or subtitle confirms the title.
  bool attributed = false;  // The author is named here or where the text begins.

  int first_line() const { return title_lines.front(); }
};

// Finds the articles of a page by their heads, in page order and without overlap. A byline, a
// dashed subtitle, a printed date, "(上接…)", a line of personal names or a paragraph that begins
// with a dateline, with display lines above it, is a head. A display line without any of these is
// one where nothing else makes sense of it: at the top of the page, in larger type (a wrapped title
// narrower than the column), or over a text signed by another author than the text above.
std::vector<ArticleHead> FindHeads(const PageText& page, const std::vector<LineRole>& roles,
                                   const Column& column, const WordEvidence& words);

}  // namespace cityinfo::articles
