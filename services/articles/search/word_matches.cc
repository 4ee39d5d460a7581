#include "services/articles/search/word_matches.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "platform/base/utf8.h"

namespace cityinfo::articles {
namespace {

constexpr int64_t kLeadCodePoints = 20;  // Shown before the first match of an excerpt.

}  // namespace

std::vector<std::string> QueryWords(absl::string_view query) {
  const std::string spaced = absl::StrReplaceAll(query, {{"\u3000", " "}, {"\u00A0", " "}});
  std::vector<std::string> words;
  for (absl::string_view word :
       absl::StrSplit(spaced, absl::ByAnyChar(" \t\r\n\v\f"), absl::SkipEmpty())) {
    if (words.size() == kMaxQueryWords) break;
    if (std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
  }
  return words;
}

std::vector<Span> FindWords(absl::string_view text, const std::vector<std::string>& words) {
  // Folding ASCII keeps every byte at its place; a UTF-8 word can only match at a code point's
  // start.
  const std::string folded = absl::AsciiStrToLower(text);
  std::vector<std::pair<size_t, size_t>> ranges;
  for (const std::string& word : words) {
    const std::string wanted = absl::AsciiStrToLower(word);
    if (wanted.empty()) continue;
    for (size_t at = folded.find(wanted); at != std::string::npos;
         at = folded.find(wanted, at + wanted.size())) {
      ranges.emplace_back(at, at + wanted.size());
    }
  }
  if (ranges.empty()) return {};
  std::sort(ranges.begin(), ranges.end());
  const base::CodePointIndex index(text);
  std::vector<Span> spans;
  for (const auto& [begin, end] : ranges) {
    const Span span{.begin = index.CodePointAtByte(begin), .end = index.CodePointAtByte(end)};
    if (!spans.empty() && span.begin <= spans.back().end) {
      spans.back().end = std::max(spans.back().end, span.end);
    } else {
      spans.push_back(span);
    }
  }
  return spans;
}

int CountWordsIn(absl::string_view text, const std::vector<std::string>& words) {
  const std::string folded = absl::AsciiStrToLower(text);
  return static_cast<int>(std::count_if(words.begin(), words.end(), [&](const std::string& word) {
    return folded.find(absl::AsciiStrToLower(word)) != std::string::npos;
  }));
}

Excerpt MakeMatchExcerpt(const std::vector<Block>& blocks, const std::vector<std::string>& words) {
  const Block* best = nullptr;
  int most = 0;
  for (const Block& block : blocks) {
    const int count = CountWordsIn(block.text, words);
    if (count > most) {
      most = count;
      best = &block;
    }
  }
  if (best == nullptr) return {};
  const std::vector<Span> spans = FindWords(best->text, words);
  const base::CodePointIndex index(best->text);
  const int64_t latest = std::max<int64_t>(0, index.size() - kExcerptCodePoints);
  const int64_t begin = std::clamp<int64_t>(spans.front().begin - kLeadCodePoints, 0, latest);
  const int64_t end = std::min<int64_t>(index.size(), begin + kExcerptCodePoints);
  Excerpt excerpt{.text = std::string(index.Substr(begin, end))};
  for (const Span& span : spans) {
    if (span.begin >= end || span.end <= begin) continue;
    excerpt.spans.push_back(
        {.begin = std::max(span.begin, begin) - begin, .end = std::min(span.end, end) - begin});
  }
  return excerpt;
}

}  // namespace cityinfo::articles
