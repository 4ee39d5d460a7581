#include "bench/articles/known_items.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "absl/strings/str_cat.h"
#include "bench/articles/query_mix.h"
#include "bench/baseline/random.h"
#include "platform/base/utf8.h"

namespace cityinfo::bench {
namespace {

constexpr double kK1 = 1.2;
constexpr double kB = 0.75;
constexpr int kTriesPerWord = 4;

int CountOf(const std::string& word, const std::string& text) {
  int count = 0;
  // Occurrences may overlap, as they do in an index of pairs.
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

std::vector<std::string> CutDifferentWords(const std::string& title, size_t wanted,
                                           Random& random) {
  std::vector<std::string> words;
  for (size_t tries = wanted * kTriesPerWord; tries > 0 && words.size() < wanted; --tries) {
    const std::string word = CutWord(title, 2 + static_cast<int>(random.Below(3)), random);
    if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end()) {
      words.push_back(word);
    }
  }
  return words;
}

}  // namespace

std::vector<KnownItem> MakeKnownItems(const std::vector<NewsItem>& news, int count,
                                      bool only_unique, uint64_t seed) {
  std::map<std::string, int> items_of_title;
  for (const NewsItem& item : news) ++items_of_title[item.title];
  Random random(seed);
  std::vector<KnownItem> known;
  for (int tries = 10 * count; tries > 0 && known.size() < static_cast<size_t>(count); --tries) {
    const size_t item = random.Below(news.size());
    const size_t wanted = 2 + random.Below(2);
    std::vector<std::string> words = CutDifferentWords(news[item].title, wanted, random);
    if (words.size() < wanted || (only_unique && items_of_title[news[item].title] > 1)) continue;
    known.push_back({.item = item, .words = std::move(words)});
  }
  return known;
}

FullBm25::FullBm25(const std::vector<NewsItem>& news) {
  for (const NewsItem& item : news) {
    std::string text = item.title;
    for (const std::string& paragraph : item.paragraphs) absl::StrAppend(&text, "\n", paragraph);
    lengths_.push_back(static_cast<double>(base::CountCodePoints(text)));
    mean_length_ += lengths_.back() / static_cast<double>(news.size());
    texts_.push_back(std::move(text));
    dates_.push_back(item.date);
  }
}

int FullBm25::RankOf(const KnownItem& known) const {
  std::vector<double> scores(texts_.size(), 0);
  std::vector<bool> matches(texts_.size(), true);
  for (const std::string& word : known.words) {
    std::vector<std::pair<size_t, int>> counts;
    for (size_t i = 0; i < texts_.size(); ++i) {
      if (const int count = CountOf(word, texts_[i]); count > 0) {
        counts.emplace_back(i, count);
      } else {
        matches[i] = false;
      }
    }
    const auto all = static_cast<double>(texts_.size());
    const auto holding = static_cast<double>(counts.size());
    const double rarity = std::max(std::log((all - holding + 0.5) / (holding + 0.5)), 1e-6);
    for (const auto& [i, count] : counts) {
      const double length = kK1 * (1 - kB + kB * lengths_[i] / mean_length_);
      scores[i] += rarity * count * (kK1 + 1) / (count + length);
    }
  }
  int rank = 1;
  for (size_t i = 0; i < texts_.size(); ++i) {
    if (!matches[i] || i == known.item) continue;
    const bool newer =
        dates_[i] > dates_[known.item] || (dates_[i] == dates_[known.item] && i > known.item);
    if (scores[i] > scores[known.item] || (scores[i] == scores[known.item] && newer)) ++rank;
  }
  return rank;
}

}  // namespace cityinfo::bench
