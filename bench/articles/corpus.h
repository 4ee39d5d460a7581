#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/articles/news_file.h"
#include "services/articles/domain/article.h"

namespace cityinfo::bench {

// As many articles as wanted, grown from few items of news: each has the title of one item and
// paragraphs of others, about 550 characters in all, with sections, tags, places and days of
// fifteen years. Article i depends on the seed and i alone and is made when asked for, so that a
// million need no memory. Thread-safe.
class Corpus {
 public:
  struct Options {
    int64_t articles = 0;
    uint64_t seed = 4;
    // They are spread over so many days.
    int days = 15 * 365;
    // Days in random order instead of an archive that is imported from its beginning.
    bool shuffled_days = false;
  };

  Corpus(const std::vector<NewsItem>& news, const Options& options);

  int64_t size() const { return options_.articles; }
  // 0 <= i < size().
  articles::ArticleContent Make(int64_t i) const;

 private:
  base::Date DayOf(int64_t i, uint64_t random) const;

  Options options_;
  std::vector<std::string> titles_;
  std::vector<std::string> paragraphs_;
};

// Title and blocks, a line each: the text that an index is compared with.
std::string TextOf(const articles::ArticleContent& content);

}  // namespace cityinfo::bench
