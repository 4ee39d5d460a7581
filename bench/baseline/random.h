#pragma once

#include <cstddef>
#include <cstdint>

namespace cityinfo::bench {

// SplitMix64: the same numbers on every machine, and cheap enough to begin anew for each article.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  // 0 … bound - 1.
  size_t Below(size_t bound) { return Next() % bound; }

 private:
  uint64_t state_;
};

}  // namespace cityinfo::bench
