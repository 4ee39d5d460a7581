#include "services/articles/search/related_terms.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "platform/base/utf8.h"

namespace cityinfo::articles {
namespace {

constexpr double kTitleWeight = 2;
constexpr double kSubtitleWeight = 1;
constexpr double kTagWeight = 3;
constexpr double kRepetitionWeight = 0.5;
// From so many times on a pair of characters of the text counts by itself.
constexpr int kRepetitions = 3;
constexpr size_t kMaxTitleTerms = 24;
constexpr size_t kMaxTextTerms = 8;
// The text's beginning says what it is about; reading more would cost more than it tells.
constexpr size_t kMaxTextBytes = 32 << 10;

// Characters that hold sentences together: a pair with one of them is of no subject.
constexpr absl::string_view kParticles =
    "的了在是和与及将把被对为从到向着过等这那其有就也都很更又不以于并而之个中上下";

bool IsParticle(char32_t code_point) {
  std::string text;
  base::AppendUtf8(code_point, &text);
  return kParticles.find(text) != absl::string_view::npos;
}

bool IsIdeograph(char32_t c) {
  return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c <= 0x3FFFF);
}

// Letters and digits of other scripts, which make words.
bool IsWordCharacter(char32_t c) {
  if (c < 0x80) return absl::ascii_isalnum(static_cast<unsigned char>(c));
  return (c >= 0xC0 && c < 0x2000) || (c >= 0xFF10 && c <= 0xFF5A);
}

// Calls `term(string_view)` for every pair of ideographs and every word of at least two characters
// in `text`, in order.
template <typename Term>
void ForEachTerm(absl::string_view text, Term term) {
  size_t word = 0;         // Where the word that is being read began.
  int word_length = 0;     // 0: none is.
  size_t ideograph = 0;    // Where the ideograph before began.
  bool after_one = false;  // Whether there is one that may begin a pair.
  const auto end_word = [&](size_t end) {
    if (word_length >= 2) term(text.substr(word, end - word));
    word_length = 0;
  };
  for (size_t pos = 0; pos < text.size();) {
    const size_t begin = pos;
    const char32_t c = base::DecodeCodePoint(text, &pos);
    if (IsWordCharacter(c)) {
      if (word_length++ == 0) word = begin;
      after_one = false;
      continue;
    }
    end_word(begin);
    const bool fits = IsIdeograph(c) && !IsParticle(c);
    if (fits && after_one) term(text.substr(ideograph, pos - ideograph));
    ideograph = begin;
    after_one = fits;
  }
  end_word(text.size());
}

absl::flat_hash_map<std::string, int> CountTerms(const ArticleContent& content) {
  absl::flat_hash_map<std::string, int> counts;
  size_t bytes = 0;
  for (const Block& block : content.blocks) {
    if (bytes >= kMaxTextBytes) break;
    const absl::string_view text = absl::string_view(block.text).substr(0, kMaxTextBytes - bytes);
    bytes += text.size();
    ForEachTerm(text, [&](absl::string_view term) { ++counts[term]; });
  }
  return counts;
}

bool Heavier(const WeightedTerm& a, const WeightedTerm& b) {
  return a.weight != b.weight ? a.weight > b.weight : a.text < b.text;
}

void KeepHeaviest(size_t count, std::vector<WeightedTerm>* terms) {
  std::sort(terms->begin(), terms->end(), Heavier);
  if (terms->size() > count) terms->resize(count);
}

}  // namespace

std::vector<WeightedTerm> RelatedTerms(const Article& article) {
  const ArticleContent& content = article.content;
  const absl::flat_hash_map<std::string, int> counts = CountTerms(content);
  const auto repetition = [&](absl::string_view term) {
    const auto found = counts.find(term);
    return found == counts.end() ? 0.0 : std::log1p(found->second);
  };

  absl::flat_hash_map<std::string, double> weights;
  const auto add_title = [&](absl::string_view text, double weight) {
    ForEachTerm(text, [&](absl::string_view term) {
      double& best = weights[term];
      best = std::max(best, weight + kRepetitionWeight * repetition(term));
    });
  };
  add_title(content.title, kTitleWeight);
  add_title(content.subtitle, kSubtitleWeight);
  std::vector<WeightedTerm> terms;
  for (const auto& [text, weight] : weights) terms.push_back({.text = text, .weight = weight});
  KeepHeaviest(kMaxTitleTerms, &terms);

  std::vector<WeightedTerm> repeated;
  for (const auto& [text, count] : counts) {
    if (count < kRepetitions || weights.contains(text)) continue;
    repeated.push_back({.text = text, .weight = kRepetitionWeight * std::log1p(count)});
  }
  KeepHeaviest(kMaxTextTerms, &repeated);
  terms.insert(terms.end(), std::make_move_iterator(repeated.begin()),
               std::make_move_iterator(repeated.end()));

  for (const std::string& tag : content.tags) {
    if (base::CountCodePoints(tag) >= 2 && !weights.contains(tag)) {
      terms.push_back({.text = tag, .weight = kTagWeight});
    }
  }
  KeepHeaviest(kMaxRelatedTerms, &terms);
  return terms;
}

}  // namespace cityinfo::articles
