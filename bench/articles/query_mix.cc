#include "bench/articles/query_mix.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/baseline/random.h"
#include "platform/base/utf8.h"

namespace cityinfo::bench {
namespace {

constexpr int64_t kSample = 50'000;
constexpr double kCommon = 0.1;
constexpr double kRare = 0.0001;

bool IsHan(char32_t c) { return c >= 0x4E00 && c <= 0x9FFF; }

std::u32string Decode(const std::string& text) {
  std::u32string decoded;
  for (size_t pos = 0; pos < text.size();) decoded += base::DecodeCodePoint(text, &pos);
  return decoded;
}

std::string Encode(std::u32string_view word) {
  std::string text;
  for (char32_t c : word) base::AppendUtf8(c, &text);
  return text;
}

// The words of two characters that are common and those that are rare, in a fixed order.
struct PairsByFrequency {
  std::vector<std::string> common, rare;
};

PairsByFrequency CountPairs(const Corpus& corpus) {
  const int64_t step = std::max<int64_t>(1, corpus.size() / kSample);
  struct Count {
    int64_t articles = 0;
    int64_t last = -1;  // The article that was counted last: each counts once.
  };
  absl::flat_hash_map<std::pair<char32_t, char32_t>, Count> counts;
  int64_t sampled = 0;
  for (int64_t i = 0; i < corpus.size(); i += step, ++sampled) {
    const std::u32string text = Decode(TextOf(corpus.Make(i)));
    for (size_t at = 0; at + 1 < text.size(); ++at) {
      if (!IsHan(text[at]) || !IsHan(text[at + 1])) continue;
      Count& count = counts[{text[at], text[at + 1]}];
      if (count.last != i) ++count.articles;
      count.last = i;
    }
  }
  PairsByFrequency pairs;
  for (const auto& [pair, count] : counts) {
    const double part = static_cast<double>(count.articles) / static_cast<double>(sampled);
    const char32_t word[] = {pair.first, pair.second};
    if (part > kCommon) pairs.common.push_back(Encode({word, 2}));
    if (part <= kRare || count.articles == 1) pairs.rare.push_back(Encode({word, 2}));
  }
  std::sort(pairs.common.begin(), pairs.common.end());
  std::sort(pairs.rare.begin(), pairs.rare.end());
  return pairs;
}

const std::string& OneOf(const std::vector<std::string>& words, Random& random) {
  return words[random.Below(words.size())];
}

// Words from one article, so that at least this article holds them all.
std::string CutWords(const Corpus& corpus, int words, Random& random) {
  std::vector<std::string> cut;
  const std::string text = TextOf(corpus.Make(static_cast<int64_t>(random.Below(corpus.size()))));
  for (int i = 0; i < words; ++i) {
    cut.push_back(CutWord(text, 2 + static_cast<int>(random.Below(3)), random));
  }
  return absl::StrJoin(cut, " ");
}

}  // namespace

std::string CutWord(const std::string& text, int length, Random& random) {
  const std::u32string decoded = Decode(text);
  const auto wanted = static_cast<size_t>(length);
  std::vector<size_t> starts;
  size_t run = 0;
  for (size_t at = 0; at < decoded.size(); ++at) {
    run = IsHan(decoded[at]) ? run + 1 : 0;
    if (run >= wanted) starts.push_back(at + 1 - wanted);
  }
  if (starts.empty()) return "";
  return Encode(std::u32string_view(decoded).substr(starts[random.Below(starts.size())], wanted));
}

std::vector<QueryClass> MakeQueryMix(const Corpus& corpus, int queries, uint64_t seed) {
  const PairsByFrequency pairs = CountPairs(corpus);
  Random random(seed);
  std::vector<QueryClass> mix = {{.name = "common"}, {.name = "rare"},  {.name = "four"},
                                 {.name = "two"},    {.name = "three"}, {.name = "two common"}};
  for (int i = 0; i < queries; ++i) {
    mix[0].queries.push_back(OneOf(pairs.common, random));
    mix[1].queries.push_back(OneOf(pairs.rare, random));
    const std::string text = TextOf(corpus.Make(static_cast<int64_t>(random.Below(corpus.size()))));
    mix[2].queries.push_back(CutWord(text, 4, random));
    mix[3].queries.push_back(CutWords(corpus, 2, random));
    mix[4].queries.push_back(CutWords(corpus, 3, random));
    mix[5].queries.push_back(
        absl::StrCat(OneOf(pairs.common, random), " ", OneOf(pairs.common, random)));
  }
  return mix;
}

}  // namespace cityinfo::bench
