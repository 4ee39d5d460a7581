#include "services/articles/search/suggestion_mix.h"

#include <algorithm>
#include <utility>

#include "services/articles/search/text_folding.h"

namespace cityinfo::articles {
namespace {

std::u16string Trimmed(std::u16string text) {
  const size_t begin = text.find_first_not_of(u' ');
  if (begin == std::u16string::npos) return {};
  return text.substr(begin, text.find_last_not_of(u' ') + 1 - begin);
}

std::vector<Span> Occurrences(const FoldedText& text, const std::u16string& wanted) {
  std::vector<Span> spans;
  for (size_t at = text.text.find(wanted); at != std::u16string::npos;
       at = text.text.find(wanted, at + wanted.size())) {
    const Span span = text.Original(at, at + wanted.size());
    // Two may lie in one character of the original.
    if (!spans.empty() && span.begin < spans.back().end) {
      spans.back().end = std::max(spans.back().end, span.end);
    } else {
      spans.push_back(span);
    }
  }
  return spans;
}

}  // namespace

SuggestionMix::SuggestionMix(absl::string_view prefix, int limit)
    : prefix_(Trimmed(FoldText(prefix))), limit_(static_cast<size_t>(std::max(limit, 0))) {}

void SuggestionMix::Add(Suggestion candidate) {
  FoldedText folded = FoldWithOrigins(candidate.text);
  const size_t at = folded.text.find(prefix_);
  if (prefix_.empty() || at == std::u16string::npos) return;
  candidate.spans = Occurrences(folded, prefix_);
  if (!texts_.insert(std::move(folded.text)).second) return;
  ByKind& bucket = at == 0 ? beginning_ : holding_;
  bucket[static_cast<size_t>(candidate.kind)].push_back(std::move(candidate));
}

std::vector<Suggestion> SuggestionMix::Take() && {
  std::vector<Suggestion> suggestions;
  for (ByKind* bucket : {&beginning_, &holding_}) {
    size_t longest = 0;
    for (const auto& kind : *bucket) longest = std::max(longest, kind.size());
    for (size_t i = 0; i < longest; ++i) {
      for (auto& kind : *bucket) {
        if (suggestions.size() == limit_) return suggestions;
        if (i < kind.size()) suggestions.push_back(std::move(kind[i]));
      }
    }
  }
  return suggestions;
}

}  // namespace cityinfo::articles
