#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/articles/domain/article.h"

// What the search index knows of an article.
namespace cityinfo::articles {

// What an article can be filtered by. The letters are stored.
enum class LabelKind : char {
  kSection = 's',
  kTag = 't',
  kPublication = 'p',
  kPage = 'g',
  kPlace = 'l',
};

// The token that articles with this label have in the index.
std::string LabelToken(LabelKind kind, absl::string_view label);

struct IndexedDocument {
  std::string id;
  int64_t sequence = 0;
  int64_t day = 0;         // publish_date, in days since 1970.
  bool published = false;  // Rather than scheduled.
  // Microseconds since 1970 from which and until which readers may see it; absent: always.
  std::optional<int64_t> visible_from;
  std::optional<int64_t> visible_until;
  std::string section;
  std::vector<std::string> tags;
  std::u16string text;  // Folded: the title, and then each block, on a line of its own.
  std::string labels;   // LabelTokens, each on a line of its own.
};

// Whether the index keeps an article that is in this state.
bool IsIndexed(const ArticleChange& change);

IndexedDocument MakeIndexedDocument(const Article& article);

// The first line.
std::u16string_view TitleOf(std::u16string_view text);

// What the tokenizer reads.
std::string TokenizedText(std::u16string_view folded, absl::string_view labels);

}  // namespace cityinfo::articles
