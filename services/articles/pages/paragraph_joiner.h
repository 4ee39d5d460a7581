#pragma once

#include <vector>

#include "services/articles/pages/body_item.h"

namespace cityinfo::articles {

// Items which form one block, in reading order.
struct ItemGroup {
  std::vector<BodyItem> items;
  bool breaks_off =
      false;  // Running text whose sentence does not end, or resumes without beginning.
};

// Joins lines of running text into paragraphs. A paragraph goes on over captions, never over
// headings; a caption inside a paragraph is placed after it.
std::vector<ItemGroup> JoinParagraphs(const BodyContext& context, std::vector<BodyItem> items);

}  // namespace cityinfo::articles
