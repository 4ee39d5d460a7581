#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/articles/corpus.h"

namespace cityinfo::bench {

// What every part of the run is given.
struct Setup {
  std::string bin_dir;
  std::string folder;  // Everything is written below it.
  const std::vector<NewsItem>& news;
  const Corpus& corpus;
  int queries = 0;  // Of each kind.
  int rounds = 0;   // Measurements that alternate with those of the baseline.
  uint64_t seed = 0;
};

// An import is sent in streams of so many articles, the most that one takes.
inline constexpr int64_t kArticlesOfAStream = 10'000;

}  // namespace cityinfo::bench
