#pragma once

#include <string>

#include "bench/metrics/question_mix.h"

namespace cityinfo::bench {

// What every part of the run is given.
struct Setup {
  std::string bin_dir;
  std::string folder;  // everything is written below it
  std::string store;   // the grown store's file
  const QuestionMix& questions;
  int rounds = 0;  // measurements that alternate with those of the baseline
};

}  // namespace cityinfo::bench
