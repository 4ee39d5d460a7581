#include "services/metrics/domain/catalogue/phrase_trie.h"

#include <string>
#include <utility>

#include "services/metrics/domain/catalogue/folding.h"

namespace cityinfo::metrics {
namespace {

constexpr size_t kFirstCharacters = 65536;

uint64_t Key(int32_t node, char32_t c) {
  return (static_cast<uint64_t>(node) << 32) | static_cast<uint32_t>(c);
}

size_t Slot(uint64_t key, size_t mask) {
  return static_cast<size_t>((key * 0x9E3779B97F4A7C15u) >> 32) & mask;
}

}  // namespace

PhraseTrie::PhraseTrie() : values_(1, -1), edges_(64), first_(kFirstCharacters, false) {}

int32_t PhraseTrie::Next(int32_t node, char32_t c) const {
  const uint64_t key = Key(node, c);
  const size_t mask = edges_.size() - 1;
  for (size_t slot = Slot(key, mask);; slot = (slot + 1) & mask) {
    if (edges_[slot].key == key) return edges_[slot].target;
    if (edges_[slot].key == kNoKey) return -1;
  }
}

void PhraseTrie::Grow() {
  std::vector<Edge> old(edges_.size() * 2);
  std::swap(old, edges_);
  const size_t mask = edges_.size() - 1;
  for (const Edge& edge : old) {
    if (edge.key == kNoKey) continue;
    size_t slot = Slot(edge.key, mask);
    while (edges_[slot].key != kNoKey) slot = (slot + 1) & mask;
    edges_[slot] = edge;
  }
}

int32_t PhraseTrie::AddEdge(int32_t node, char32_t c) {
  if ((edge_count_ + 1) * 2 > edges_.size()) Grow();
  const uint64_t key = Key(node, c);
  const size_t mask = edges_.size() - 1;
  size_t slot = Slot(key, mask);
  while (edges_[slot].key != kNoKey) slot = (slot + 1) & mask;
  const auto target = static_cast<int32_t>(values_.size());
  edges_[slot] = Edge{key, target};
  values_.push_back(-1);
  ++edge_count_;
  return target;
}

int PhraseTrie::Add(absl::string_view phrase, int value) {
  const std::u32string text = FoldText(phrase);
  if (text.empty()) return -1;
  int32_t node = 0;
  for (char32_t c : text) {
    int32_t next = Next(node, c);
    if (next < 0) next = AddEdge(node, c);
    node = next;
  }
  if (values_[node] >= 0) return values_[node];
  values_[node] = value;
  if (text[0] < kFirstCharacters) first_[text[0]] = true;
  return -1;
}

PhraseTrie::Match PhraseTrie::Longest(const char32_t* text, size_t begin, size_t end) const {
  Match best;
  if (begin >= end) return best;
  if (text[begin] < kFirstCharacters && !first_[text[begin]]) return best;
  int32_t node = 0;
  for (size_t i = begin; i < end; ++i) {
    node = Next(node, text[i]);
    if (node < 0) break;
    if (values_[node] >= 0) best = Match{values_[node], static_cast<int>(i + 1 - begin)};
  }
  return best;
}

int PhraseTrie::Find(absl::string_view phrase) const {
  const std::u32string text = FoldText(phrase);
  const Match match = Longest(text.data(), 0, text.size());
  return match.length == static_cast<int>(text.size()) ? match.value : -1;
}

}  // namespace cityinfo::metrics
