#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "services/articles/domain/block.h"

namespace cityinfo::articles {

// A removed block and the inserted one it became, as indices into the two runs.
struct BlockPair {
  size_t removed = 0;
  size_t inserted = 0;

  friend bool operator==(const BlockPair&, const BlockPair&) = default;
};

// Which blocks of a removed run live on, reworded, in the run that was inserted in its place: pairs
// that share enough of their neighbouring characters, in ascending order in both. Among all ways to
// pair, the one that keeps the most text. Runs of which the product is over kMaxPairs are paired
// piece by piece, so that the work stays linear in the text; a pair across two pieces is then
// missed. Deterministic.
std::vector<BlockPair> PairBlocks(std::span<const Block> removed, std::span<const Block> inserted);

inline constexpr size_t kMaxPairs = 2048;

}  // namespace cityinfo::articles
