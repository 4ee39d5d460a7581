#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "services/articles/domain/block.h"

namespace cityinfo::articles {

// Something in a mended text that an editor should compare with the printed page.
struct QualityMark {
  QualityReason reason = QualityReason::kGarbled;
  std::size_t first = 0;  // Characters [first, last) of the mended text.
  std::size_t last = 0;
  std::string detail;
};

// Finds runs which stand twice in a row, characters no newspaper prints, and quotation marks
// without a partner, in the order of their places. Linear in the text; at most one mark per reason
// and place.
std::vector<QualityMark> FindQualityMarks(std::u32string_view text);

}  // namespace cityinfo::articles
