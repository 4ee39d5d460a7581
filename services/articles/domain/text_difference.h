#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/articles/domain/block.h"

namespace cityinfo::articles {

// Where two texts differ: without these spans (code points, ascending, none empty, none touching)
// both read the same.
struct TextDifference {
  std::vector<Span> before;
  std::vector<Span> after;
};

// What a reader would mark. Single characters that two different stretches have in common by chance
// are not kept apart. `*steps` bounds the work as in AlignSequences; of one pair of texts at most
// kMaxStepsPerText are spent. Then, all of what has not been looked at counts as different.
TextDifference DifferenceOf(absl::string_view before, absl::string_view after, int64_t* steps);

inline constexpr int64_t kMaxStepsPerText = 1'000'000;

}  // namespace cityinfo::articles
