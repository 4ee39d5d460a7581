#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "services/articles/domain/block.h"
#include "services/articles/pages/page_text.h"

namespace cityinfo::articles {

// Text as a reader sees it, with the place on the page each character comes from.
struct MendedText {
  std::u32string text;
  std::vector<std::int64_t> origin;  // Per character: code point in the page.

  void Append(char32_t c, std::int64_t place) {
    text.push_back(c);
    origin.push_back(place);
  }

  // Where on the page the characters [first, last) stand.
  Span PageSpan(std::size_t first, std::size_t last) const;
};

// Running text out of its pieces: no space between Chinese characters, one between Latin words and
// numbers. Characters are never changed or dropped, white space excepted.
MendedText MendRunningText(const PageText& page, const std::vector<Span>& pieces);

// A title, heading or caption out of its lines: the space which separates two clauses stays, lines
// are joined without one.
MendedText MendDisplayText(const PageText& page, const std::vector<Span>& lines);

}  // namespace cityinfo::articles
