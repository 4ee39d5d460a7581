#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/articles/domain/article_filter.h"
#include "services/articles/search/relevance.h"

namespace cityinfo::articles {

// What a page by relevance must know of the pages before it. The ranked articles are the matches
// down to `text_end` and, behind it, the matches in titles down to `title_end`; absent means all of
// them. Positions rather than numbers, so that what is added meanwhile pushes nobody out.
struct RankedWalk {
  RelevanceModel model;
  std::optional<ListPosition> text_end;
  std::optional<ListPosition> title_end;
  // Score of the last article shown; absent when the ranked ones are over and the walk is among the
  // rest, by position.
  std::optional<int64_t> after_score;
};

// What SearchPage::next says. It may come from anyone, so it grants nothing.
struct SearchToken {
  ListPosition after;  // Of the last article shown.
  int64_t total = 0;
  bool total_is_lower_bound = false;
  std::optional<RankedWalk> ranked;
};

std::string EncodeSearchToken(const SearchToken& token);

// INVALID_ARGUMENT (INVALID_PAGE_TOKEN) on page_token for anything that EncodeSearchToken does not
// make for `words` words.
absl::StatusOr<SearchToken> DecodeSearchToken(absl::string_view text, size_t words);

}  // namespace cityinfo::articles
