#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace cityinfo::metrics {

// A set of phrases, each with a number, that finds the longest of them standing at a place of a
// text. Phrases and texts are code points. Built once, then read by any number of threads.
class PhraseTrie {
 public:
  struct Match {
    int value = -1;
    int length = 0;  // code points; 0 when nothing matches
    explicit operator bool() const { return length > 0; }
  };

  PhraseTrie();

  // Adds a phrase given as UTF-8. The value that was there before for the same phrase is kept and
  // returned; -1 when the phrase is new. Empty phrases are ignored.
  int Add(absl::string_view phrase, int value);

  // The longest phrase that begins at text[begin] and ends at or before text[end].
  Match Longest(const char32_t* text, size_t begin, size_t end) const;

  // The value of exactly this phrase, -1 when it is not there.
  int Find(absl::string_view phrase) const;

 private:
  struct Edge {
    uint64_t key = kNoKey;  // node << 32 | code point
    int32_t target = 0;
  };
  static constexpr uint64_t kNoKey = ~uint64_t{0};

  int32_t Next(int32_t node, char32_t c) const;
  int32_t AddEdge(int32_t node, char32_t c);
  void Grow();

  std::vector<int32_t> values_;  // per node, -1: no phrase ends here
  std::vector<Edge> edges_;      // open addressing, size a power of two
  size_t edge_count_ = 0;
  std::vector<bool> first_;  // code points below 65536 that begin a phrase
};

}  // namespace cityinfo::metrics
