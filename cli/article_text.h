// Articles of the API as text for a terminal.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/api_client.h"
#include "cli/marked_text.h"

namespace cityinfo::cli {

// "7" or "articles/7" as "/v1/articles/7". INVALID_ARGUMENT when it is neither.
absl::StatusOr<std::string> ArticlePath(const std::string& id);

// The spans in a field of an answer; absent: none.
std::vector<Span> SpansFromJson(const Json& message, const std::string& field);

// Where the article stands and what will happen to it by itself, a line each, with times on the
// wall of `local`:
//   articles/7  SCHEDULED  新桥通车
//     public from 2026-12-01 08:00:00 +08:00
//     until       2026-12-31 18:00:00 +08:00
std::string LifeText(const Json& article, absl::TimeZone local);

// One result of a search, in two lines: id, day, page, title; and its excerpt.
std::string ResultText(const Json& result, const Marks& marks);

// What an answer to a search says of all matches:
//   at least 1200 articles
//   sections: 综合新闻 12, 要闻 3
//   years: 2021 12, 2020 3
//   the index is 4 changes behind
std::string SearchSummaryText(const Json& answer);

}  // namespace cityinfo::cli
