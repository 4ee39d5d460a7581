#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/articles/news_file.h"

namespace cityinfo::bench {

// Somebody remembers words of a title and looks for that one article.
struct KnownItem {
  size_t item = 0;                 // Which item of news.
  std::vector<std::string> words;  // Two or three, all different.
};

// `count` of them: an item at random, from its title two or three words, each a run of two to four
// Han characters cut anywhere. Titles that do not yield them are passed over. With `only_unique`,
// so are titles that several items share.
std::vector<KnownItem> MakeKnownItems(const std::vector<NewsItem>& news, int count,
                                      bool only_unique, uint64_t seed);

// BM25 over all matches, computed exactly and without any index: k1 = 1.2, b = 0.75, a document is
// title and text, its length is counted in characters, a term is a word of the query wherever it
// stands, and a match holds every word. Equal scores: newest first.
class FullBm25 {
 public:
  explicit FullBm25(const std::vector<NewsItem>& news);

  // From 1. The item must hold the words.
  int RankOf(const KnownItem& known) const;

 private:
  std::vector<std::string> texts_;
  std::vector<double> lengths_;
  std::vector<base::Date> dates_;
  double mean_length_ = 0;
};

}  // namespace cityinfo::bench
