#include "services/articles/search/query_language.h"

#include <algorithm>
#include <utility>

#include "platform/base/utf8.h"
#include "services/articles/search/text_folding.h"

namespace cityinfo::articles {
namespace {

// The query as code points, with a mark for what separates words.
class Reader {
 public:
  explicit Reader(absl::string_view text) {
    for (size_t pos = 0; pos < text.size();) {
      std::string utf8;
      base::AppendUtf8(base::DecodeCodePoint(text, &pos), &utf8);
      // What folds to a space is one; what folds to nothing by itself is kept, for it may belong to
      // its neighbours.
      space_.push_back(FoldText(utf8) == u" ");
      characters_.push_back(std::move(utf8));
    }
  }

  size_t size() const { return characters_.size(); }
  // Spaces all around the text make every question about neighbours easy.
  bool IsSpace(size_t at) const { return at >= size() || space_[at]; }
  bool Is(size_t at, std::initializer_list<absl::string_view> any) const {
    return at < size() && std::find(any.begin(), any.end(), characters_[at]) != any.end();
  }
  std::string Text(size_t begin, size_t end) const {
    std::string text;
    for (size_t i = begin; i < end; ++i) text += characters_[i];
    return text;
  }
  size_t WordEnd(size_t at) const {
    while (!IsSpace(at)) ++at;
    return at;
  }

 private:
  std::vector<std::string> characters_;
  std::vector<bool> space_;
};

bool IsDash(const Reader& reader, size_t at) { return reader.Is(at, {"-", "－"}); }
bool IsQuotationMark(const Reader& reader, size_t at) { return reader.Is(at, {"\"", "＂"}); }

// A word or phrase as it stands in the query.
struct Piece {
  size_t begin = 0;
  size_t end = 0;
  size_t next = 0;  // Where to read on.
};

Piece TrimmedPhrase(const Reader& reader, size_t begin, size_t end, size_t next) {
  while (begin < end && reader.IsSpace(begin)) ++begin;
  while (begin < end && reader.IsSpace(end - 1)) --end;
  return {.begin = begin, .end = end, .next = next};
}

// Whether a phrase in printed quotation marks begins at `at`: `*end` is where its closing mark is.
bool IsPrintedPhrase(const Reader& reader, size_t at, size_t* end) {
  const bool curly = reader.Is(at, {"“"});
  if (!curly && !reader.Is(at, {"「"})) return false;
  for (*end = at + 1; *end < reader.size(); ++*end) {
    if (reader.Is(*end, {curly ? "”" : "」"})) return reader.IsSpace(*end + 1);
  }
  return false;
}

Piece NextPiece(const Reader& reader, size_t at) {
  if (IsQuotationMark(reader, at)) {
    size_t end = at + 1;
    while (end < reader.size() && !IsQuotationMark(reader, end)) ++end;
    return TrimmedPhrase(reader, at + 1, end, end + 1);
  }
  if (size_t end = 0; IsPrintedPhrase(reader, at, &end)) {
    return TrimmedPhrase(reader, at + 1, end, end + 1);
  }
  const size_t end = reader.WordEnd(at);
  return {.begin = at, .end = end, .next = end};
}

void AddOnce(std::u16string word, std::vector<std::u16string>* words) {
  if (word.empty() || std::find(words->begin(), words->end(), word) != words->end()) return;
  words->push_back(std::move(word));
}

}  // namespace

ParsedQuery ParseQuery(absl::string_view text) {
  const Reader reader(text);
  ParsedQuery query;
  bool lone_dash = false;
  for (size_t at = 0; at < reader.size();) {
    if (reader.IsSpace(at)) {
      ++at;
      continue;
    }
    if (query.words.size() + query.excluded.size() == kMaxQueryWords) break;
    const bool dash = IsDash(reader, at);
    if (dash && reader.IsSpace(at + 1)) {
      lone_dash = true;
      ++at;
      continue;
    }
    const Piece piece = NextPiece(reader, dash ? at + 1 : at);
    AddOnce(FoldText(reader.Text(piece.begin, piece.end)), dash ? &query.excluded : &query.words);
    at = piece.next;
  }
  // Somebody who types nothing but a dash looks for one.
  if (lone_dash && query.words.empty() && query.excluded.empty()) query.words = {u"-"};
  return query;
}

}  // namespace cityinfo::articles
