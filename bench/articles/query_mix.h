#pragma once

#include <string>
#include <vector>

#include "bench/articles/corpus.h"

namespace cityinfo::bench {

class Random;

// Questions of one kind.
struct QueryClass {
  std::string name;
  std::vector<std::string> queries;  // Words with spaces between them.
};

// What people ask for, `queries` of each kind, chosen by a fixed seed:
//   common      one word of two characters that more than a tenth of the articles hold
//   rare        one word of two characters that about one in 10,000 or fewer hold
//   four        four characters cut from an article
//   two, three  so many words of two to four characters cut from one article
//   two common  two words of the first kind
// A word is a run of Han characters, cut anywhere: many are words of the language, others straddle
// two, as what a user types may do for an index of pairs. How common a word is, is counted in a
// sample of the corpus.
std::vector<QueryClass> MakeQueryMix(const Corpus& corpus, int queries, uint64_t seed);

// `length` neighbouring Han characters from `text`, at random; empty when it has no such run.
std::string CutWord(const std::string& text, int length, Random& random);

}  // namespace cityinfo::bench
