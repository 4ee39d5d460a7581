// A text with some of its words made to stand out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cityinfo::cli {

// Half-open range of code points.
struct Span {
  int64_t begin = 0;
  int64_t end = 0;
};

// What stands before and behind the words.
struct Marks {
  std::string open;
  std::string close;
};

// Bold when `terminal`, else nothing: a file gets the text as it is.
Marks BoldOn(bool terminal);

// `text` with marks around its spans. Spans that lie outside the text, go backwards or overlap one
// before them are left out.
std::string MarkSpans(absl::string_view text, const std::vector<Span>& spans, const Marks& marks);

}  // namespace cityinfo::cli
