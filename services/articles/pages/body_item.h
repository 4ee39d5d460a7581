#pragma once

#include <vector>

#include "services/articles/domain/block.h"
#include "services/articles/pages/column.h"
#include "services/articles/pages/line_role.h"
#include "services/articles/pages/page_splitter.h"
#include "services/articles/pages/page_text.h"
#include "services/articles/pages/word_evidence.h"

namespace cityinfo::articles {

// One piece of an article's body as it stands on the page: a display line (with its wrapped lines),
// or a line of running text, or the part of such a line that belongs to one paragraph.
struct BodyItem {
  BlockKind kind = BlockKind::kParagraph;
  std::vector<Span> spans;    // One for running text; several for a wrapped heading.
  double width = 0;           // Of the last span, in ems.
  int indent = 0;             // In front of the first span, in half ems.
  bool indented = false;      // Breaks before the column's edge as a paragraph's first line does.
  bool spans_column = false;  // Reaches the edge and breaks there, as a first line cannot.
  bool gap_before = false;    // A blank line, or a display line, stands before it.
  bool starts_paragraph = false;  // Certainly does not continue what stands before it.
  bool ends_sentence = false;
  bool continues_previous = false;  // Put where it is because it continues the item before it.
  bool moved = false;
  bool uncertain_kind = false;

  bool is_text() const { return kind == BlockKind::kParagraph; }
};

// Everything the steps of reading one body need to know.
struct BodyContext {
  const PageText& page;
  const std::vector<LineRole>& roles;
  const WordEvidence& words;
  Column column;
  int first = 0;  // Lines [first, last).
  int last = 0;
};

// Reads the lines of one article's body into items, in page order. Lines which say something about
// the article (a byline at its end) go into `article`, noise into its doubts.
std::vector<BodyItem> ReadBodyItems(const BodyContext& context, PageArticle& article);

}  // namespace cityinfo::articles
