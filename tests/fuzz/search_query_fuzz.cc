// Folds whatever bytes come and reads them as a query; stops at the first promise of
// text_folding.h or query_language.h that does not hold.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "platform/base/utf8.h"
#include "services/articles/search/query_language.h"
#include "services/articles/search/text_folding.h"

namespace cityinfo::articles {
namespace {

void Require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "search_query_fuzz: %s\n", promise);
  std::abort();
}

std::string Utf8Of(const std::u16string& folded) {
  std::string text;
  AppendUtf8(folded, &text);
  return text;
}

void CheckFolding(absl::string_view text) {
  constexpr std::size_t kLongestExpansion = 18;  // Units one code point may become in NFKC.
  const FoldedText folded = FoldWithOrigins(text);
  Require(folded.text == FoldText(text), "one folding, with and without origins");
  Require(FoldText(Utf8Of(folded.text)) == folded.text, "folding twice changes nothing");
  Require(folded.original_size == base::CountCodePoints(text), "the size is the original's");
  Require(folded.origins.size() == folded.text.size(), "each unit has an origin");
  Require(folded.text.size() <= kLongestExpansion * text.size(), "the folded text is bounded");
  std::uint32_t last = 0;
  for (const std::uint32_t origin : folded.origins) {
    Require(origin >= last && origin < folded.original_size, "origins stand in order, inside");
    last = origin;
  }
  for (std::size_t begin = 0; begin < folded.text.size(); begin += 7) {
    const std::size_t end = begin + 1 + begin % 5;
    if (end > folded.text.size()) break;
    const Span span = folded.Original(begin, end);
    Require(0 <= span.begin && span.begin < span.end && span.end <= folded.original_size,
            "what became these units stands in the original");
  }
}

void CheckQuery(absl::string_view text) {
  const ParsedQuery query = ParseQuery(text);
  Require(query.words.size() + query.excluded.size() <= kMaxQueryWords, "words are bounded");
  for (const auto* list : {&query.words, &query.excluded}) {
    std::set<std::u16string> seen;
    for (const std::u16string& word : *list) {
      Require(!word.empty(), "no word is empty");
      Require(word.find(u'\n') == std::u16string::npos, "no word has a line break");
      Require(FoldText(Utf8Of(word)) == word, "words are folded");
      Require(seen.insert(word).second, "each word once");
    }
  }
}

}  // namespace
}  // namespace cityinfo::articles

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  cityinfo::articles::CheckFolding(text);
  cityinfo::articles::CheckQuery(text);
  return 0;
}
