#include "services/articles/search/highlights.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "platform/base/utf8.h"
#include "services/articles/search/folded_match.h"
#include "services/articles/search/text_folding.h"

namespace cityinfo::articles {
namespace {

constexpr int64_t kLeadCodePoints = 20;  // Shown before the first match of an excerpt.
// So many words in the best window are all the same to us, and so many matches of one block are
// looked at: a block may hold thousands.
constexpr size_t kMaxMatchesOfBlock = 4096;

struct WordMatch {
  Span span;  // Of the original text.
  size_t word = 0;
};

// Where the words stand in `text`, in order of their beginnings.
std::vector<WordMatch> FindMatches(absl::string_view text, const ParsedQuery& query) {
  const FoldedText folded = FoldWithOrigins(text);
  std::vector<WordMatch> matches;
  for (size_t word = 0; word < query.words.size(); ++word) {
    const std::u16string& wanted = query.words[word];
    size_t left = kMaxMatchesOfBlock / query.words.size();
    for (size_t at = FindFolded(folded.text, wanted); at != std::u16string::npos && left > 0;
         at = FindFolded(folded.text, wanted, at + wanted.size()), --left) {
      matches.push_back({.span = folded.Original(at, at + wanted.size()), .word = word});
    }
  }
  std::sort(matches.begin(), matches.end(), [](const WordMatch& a, const WordMatch& b) {
    return a.span.begin != b.span.begin ? a.span.begin < b.span.begin : a.span.end < b.span.end;
  });
  return matches;
}

// The matches within `window`, relative to its beginning, overlapping and touching ones as one.
std::vector<Span> SpansWithin(const std::vector<WordMatch>& matches, const Span& window) {
  std::vector<Span> spans;
  for (const WordMatch& match : matches) {
    if (match.span.begin >= window.end || match.span.end <= window.begin) continue;
    const Span span{.begin = std::max(match.span.begin, window.begin) - window.begin,
                    .end = std::min(match.span.end, window.end) - window.begin};
    if (!spans.empty() && span.begin <= spans.back().end) {
      spans.back().end = std::max(spans.back().end, span.end);
    } else {
      spans.push_back(span);
    }
  }
  return spans;
}

// How good a piece of text is to show: different words first, then matches.
using Worth = std::pair<int, int>;

struct Window {
  Worth worth = {0, 0};
  int block = -1;
  Span span;
};

// The best kMaxMatchExcerptCodePoints of one block. Every window begins a little before a match.
Window BestWindow(const std::vector<WordMatch>& matches, int64_t size, size_t words) {
  Window best;
  std::vector<int> seen(words, 0);  // How often each word stands in the window.
  Worth worth = {0, 0};
  size_t end = 0;
  for (size_t begin = 0; begin < matches.size(); ++begin) {
    const int64_t latest = std::max<int64_t>(0, size - kMaxMatchExcerptCodePoints);
    const int64_t from =
        std::clamp<int64_t>(matches[begin].span.begin - kLeadCodePoints, 0, latest);
    const int64_t to = std::min<int64_t>(size, from + kMaxMatchExcerptCodePoints);
    for (; end < matches.size() && (matches[end].span.end <= to || end == begin); ++end) {
      worth.first += seen[matches[end].word]++ == 0 ? 1 : 0;
      ++worth.second;
    }
    if (worth > best.worth) best = {.worth = worth, .span = {.begin = from, .end = to}};
    worth.first -= --seen[matches[begin].word] == 0 ? 1 : 0;
    --worth.second;
  }
  return best;
}

void AddExcerpt(const std::vector<Block>& blocks, const ParsedQuery& query, SearchHit* hit) {
  Window best;
  std::vector<WordMatch> best_matches;
  for (size_t i = 0; i < blocks.size(); ++i) {
    std::vector<WordMatch> matches = FindMatches(blocks[i].text, query);
    if (matches.empty()) continue;
    Window window = BestWindow(matches, base::CountCodePoints(blocks[i].text), query.words.size());
    if (window.worth <= best.worth) continue;
    best = window;
    best.block = static_cast<int>(i);
    best_matches = std::move(matches);
  }
  if (best.block < 0) return;
  hit->excerpt =
      std::string(base::SubstrCodePoints(blocks[best.block].text, best.span.begin, best.span.end));
  hit->excerpt_spans = SpansWithin(best_matches, best.span);
  hit->excerpt_block = best.block;
  hit->excerpt_begin = best.span.begin;
}

}  // namespace

std::vector<Span> HighlightSpans(absl::string_view text, const ParsedQuery& query) {
  return SpansWithin(FindMatches(text, query), {.begin = 0, .end = base::CountCodePoints(text)});
}

SearchHit MakeSearchHit(Article article, const ParsedQuery& query) {
  SearchHit hit{.title_spans = HighlightSpans(article.content.title, query)};
  AddExcerpt(article.content.blocks, query, &hit);
  article.content.blocks.clear();
  article.content.doubts.clear();
  hit.article = std::move(article);
  return hit;
}

}  // namespace cityinfo::articles
