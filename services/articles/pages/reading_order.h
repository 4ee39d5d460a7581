#pragma once

#include <vector>

#include "services/articles/pages/body_item.h"

namespace cityinfo::articles {

// Puts back what a broken column pushed behind a heading: a line that completes the sentence left
// open before the heading, or one that belongs between two lines which do not fit together. Items
// which moved are marked; all others keep their order.
std::vector<BodyItem> RepairReadingOrder(const BodyContext& context, std::vector<BodyItem> items);

}  // namespace cityinfo::articles
