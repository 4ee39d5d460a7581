#include "services/articles/domain/block_pairing.h"

#include <algorithm>
#include <cstdint>

#include "platform/base/utf8.h"

namespace cityinfo::articles {
namespace {

// Reworded, not replaced: two texts that share this much of what they are (twice the shared, over
// both lengths).
constexpr double kMinShared = 0.4;
// Or the shorter one stands nearly whole in the longer: a paragraph that was cut or added to. Of
// very short ones that says nothing.
constexpr double kMinContained = 0.75;
constexpr size_t kMinContainedLength = 8;

// The pairs of neighbouring code points of a text, sorted, each as often as it stands there; the
// first code point has the text's beginning for a neighbour.
using Bigrams = std::vector<uint32_t>;

Bigrams BigramsOf(absl::string_view text) {
  Bigrams bigrams;
  bigrams.reserve(text.size() / 2);
  uint32_t before = 0;
  for (size_t pos = 0; pos < text.size();) {
    const uint32_t point = base::DecodeCodePoint(text, &pos);
    // Distinct pairs may meet in one number; too seldom to matter.
    bigrams.push_back(before * 0x9E3779B1U ^ point);
    before = point;
  }
  std::sort(bigrams.begin(), bigrams.end());
  return bigrams;
}

std::vector<Bigrams> BigramsOfAll(std::span<const Block> blocks) {
  std::vector<Bigrams> all;
  all.reserve(blocks.size());
  for (const Block& block : blocks) all.push_back(BigramsOf(block.text));
  return all;
}

size_t CountShared(const Bigrams& a, const Bigrams& b) {
  size_t shared = 0;
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    // Without branches: which side goes on is a coin toss.
    const uint32_t x = a[i];
    const uint32_t y = b[j];
    shared += x == y ? 1 : 0;
    i += x <= y ? 1 : 0;
    j += y <= x ? 1 : 0;
  }
  return shared;
}

// What two blocks share, 0 when one is not the other reworded.
size_t KeptText(const Bigrams& a, const Bigrams& b) {
  const size_t shared = CountShared(a, b);
  const size_t shorter = std::min(a.size(), b.size());
  const auto kept = static_cast<double>(shared);
  if (2 * kept >= kMinShared * static_cast<double>(a.size() + b.size())) return shared;
  if (shorter >= kMinContainedLength && kept >= kMinContained * static_cast<double>(shorter)) {
    return shared;
  }
  return 0;
}

// The best pairing of one piece. `best` of (r, i) is the most text that the blocks from r and i on
// can keep.
void PairPiece(std::span<const Block> removed, std::span<const Block> inserted, BlockPair origin,
               std::vector<BlockPair>* pairs) {
  const std::vector<Bigrams> old_bigrams = BigramsOfAll(removed);
  const std::vector<Bigrams> new_bigrams = BigramsOfAll(inserted);
  const size_t width = inserted.size() + 1;
  std::vector<size_t> kept(removed.size() * inserted.size());
  std::vector<size_t> best((removed.size() + 1) * width, 0);
  for (size_t r = removed.size(); r-- > 0;) {
    for (size_t i = inserted.size(); i-- > 0;) {
      const size_t here = KeptText(old_bigrams[r], new_bigrams[i]);
      kept[r * inserted.size() + i] = here;
      size_t most = std::max(best[(r + 1) * width + i], best[r * width + i + 1]);
      if (here > 0) most = std::max(most, here + best[(r + 1) * width + i + 1]);
      best[r * width + i] = most;
    }
  }
  for (size_t r = 0, i = 0; r < removed.size() && i < inserted.size();) {
    const size_t here = kept[r * inserted.size() + i];
    const size_t most = best[r * width + i];
    if (here > 0 && most == here + best[(r + 1) * width + i + 1]) {
      pairs->push_back({origin.removed + r++, origin.inserted + i++});
    } else if (most == best[(r + 1) * width + i]) {
      ++r;
    } else {
      ++i;
    }
  }
}

void PairRuns(std::span<const Block> removed, std::span<const Block> inserted, BlockPair origin,
              std::vector<BlockPair>* pairs) {
  if (removed.empty() || inserted.empty()) return;
  if (removed.size() * inserted.size() <= kMaxPairs) {
    PairPiece(removed, inserted, origin, pairs);
    return;
  }
  const size_t r = removed.size() / 2;
  const size_t i = inserted.size() / 2;
  PairRuns(removed.first(r), inserted.first(i), origin, pairs);
  PairRuns(removed.subspan(r), inserted.subspan(i), {origin.removed + r, origin.inserted + i},
           pairs);
}

}  // namespace

std::vector<BlockPair> PairBlocks(std::span<const Block> removed, std::span<const Block> inserted) {
  std::vector<BlockPair> pairs;
  PairRuns(removed, inserted, {}, &pairs);
  return pairs;
}

}  // namespace cityinfo::articles
