#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cityinfo::articles {

// A run of elements that stands in both sequences: before[before_begin + i] ==
// after[after_begin + i] for every i below `length`, which is at least 1.
struct CommonRun {
  size_t before_begin = 0;
  size_t after_begin = 0;
  size_t length = 0;

  friend bool operator==(const CommonRun&, const CommonRun&) = default;
};

// What stays when `before` becomes `after` with the fewest removals and insertions: runs that
// ascend in both and do not touch. By Myers' O(ND) algorithm in linear space: fast where little
// differs.
//
// `*steps` bounds the work (a step is a few nanoseconds) and is lowered by what was done. When it
// is used up, what has not been looked at yet keeps only its common beginning and end: fewer runs
// than there could be, none that is wrong. Deterministic.
std::vector<CommonRun> AlignSequences(std::span<const uint32_t> before,
                                      std::span<const uint32_t> after, int64_t* steps);

}  // namespace cityinfo::articles
