#pragma once

#include <cstdint>
#include <string>

#include "platform/base/date.h"

namespace cityinfo::metrics {

// Where a figure stands: the words of one article revision that published it. An immutable value;
// an article revision never changes, so neither does what a citation points at. All offsets are
// Unicode code points in the text of the block.
struct Citation {
  std::string article;        // "articles/{id}"; empty for a text that is no article
  std::int64_t revision = 0;  // of the article
  int block = 0;              // index of the block, from 0
  std::int64_t start = 0;     // the sentence: [start, end)
  std::int64_t end = 0;
  std::string quote;             // the block's text from start to end, verbatim
  std::int64_t value_start = 0;  // the printed value: [value_start, value_end)
  std::int64_t value_end = 0;
  std::string article_title;
  std::string publication;  // newspaper
  base::Date publish_date;  // day the newspaper appeared
  std::string page;         // page label, may be empty

  friend bool operator==(const Citation& a, const Citation& b) = default;
};

}  // namespace cityinfo::metrics
