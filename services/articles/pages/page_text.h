#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/articles/domain/block.h"

namespace cityinfo::articles {

// One line with something printed on it.
struct PageLine {
  Span span;                   // Without the white space at both ends.
  int blank_before = 0;        // Blank lines above it; 1 for the first line of the page.
  int indent = 0;              // White space in front, in half ems.
  double width = 0;            // In ems.
  bool ends_sentence = false;  // A remark in brackets that began on the line above counts.
};

// The page as code points and as lines. Owns its text; views handed out live as long as it does.
class PageText {
 public:
  // What is not UTF-8 becomes U+FFFD.
  explicit PageText(absl::string_view utf8);

  PageText(const PageText&) = delete;
  PageText& operator=(const PageText&) = delete;

  std::u32string_view text() const { return text_; }
  const std::vector<PageLine>& lines() const { return lines_; }
  int line_count() const { return static_cast<int>(lines_.size()); }
  const PageLine& line(int i) const { return lines_[static_cast<std::size_t>(i)]; }

  std::u32string_view Slice(Span span) const;
  std::u32string_view LineText(int i) const { return Slice(line(i).span); }

  // True when a blank line, or the end of the page, follows line `i`.
  bool BlankAfter(int i) const;

 private:
  void FindLines();

  std::u32string text_;
  std::vector<PageLine> lines_;
};

// UTF-8 of a sequence of code points.
std::string EncodeUtf8(std::u32string_view text);

}  // namespace cityinfo::articles
