#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/articles/domain/block.h"

// Divides the OCR text of one printed newspaper page into its articles.
//
// What it does: finds where articles begin (title, subtitle, byline, printed date, "(上接B1版)"),
// joins lines which the column width broke, keeps headings and captions apart from the running
// text, puts lines back which broken columns pushed behind a heading, and sets aside what belongs
// to the page and not to an article (the folio line, the editors' names).
//
// What it does not do: correct misread characters, drop a sentence, or invent one. Every block says
// where on the page it stands; what is uncertain is marked for an editor.

namespace cityinfo::articles {

// Something an editor should look at.
struct Doubt {
  QualityReason reason = QualityReason::kGarbled;
  std::string detail;  // One English sentence, quoting the text concerned where that is short.
  Span span;           // Where on the page.

  friend bool operator==(const Doubt& a, const Doubt& b) = default;
};

// One article as it was found on the page. Texts are UTF-8 and empty when the page states none.
struct PageArticle {
  std::string title;     // Wrapped lines joined; the space between two clauses is kept.
  std::string subtitle;  // Without the leading dash.
  std::string byline;  // "通讯员 石小梅", "本报讯", "杨光": role and name, one space between.
  std::string byline_role;          // "通讯员", "记者", "本报讯"; empty for a bare name.
  std::optional<std::string> date;  // ISO 8601, when a date is printed under the title.
  std::string continued_from;       // "B1版" of "(上接B1版)".
  std::string section;            // The page's section name ("田园周刊"), if its folio says so.
  std::vector<Span> title_spans;  // Where the title's lines stand.
  std::vector<Block> blocks;      // Reading order, title and byline not repeated.
  std::vector<Doubt> doubts;      // In the order of their spans.
};

// What the page itself prints around its articles.
struct PageFurniture {
  std::string page_number;          // "B4", "3"; empty when not printed.
  std::string section;              // "田园周刊".
  std::optional<std::string> date;  // ISO 8601, from the folio line.
  std::vector<Span> spans;          // Every line taken out of the articles as furniture.
};

struct SplitResult {
  std::vector<PageArticle> articles;  // In the order their titles stand on the page.
  PageFurniture furniture;

  // Lines which belong to no article: text before the first title, noise between articles.
  std::vector<Doubt> doubts;
};

// Pure and deterministic; may be called from any thread. Time and memory are linear in the text.
//
// `page` is expected to be UTF-8; what is not is read as U+FFFD, so that offsets stay defined, and
// the caller is expected to have rejected such a page. An empty page, or one with no article on it,
// gives no articles.
SplitResult SplitPageText(absl::string_view page);

}  // namespace cityinfo::articles
