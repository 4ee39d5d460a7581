#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cityinfo/articles/v1/article_service.pb.h"

namespace cityinfo::gateway {

// What a feed is asked for: the newest published articles, of those that all filters let through.
struct FeedQuery {
  static constexpr int kDefaultSize = 30;
  static constexpr int kMaxSize = 100;

  // As in ListArticlesRequest; empty: no filter. The service checks what they may be.
  std::string section;
  std::string tag;
  std::string publication;
  std::string place;
  int size = kDefaultSize;
};

// Reads section, tag, publication, place and size, still percent-encoded. As everywhere, size 0 is
// the default and one over 100 is taken as 100. INVALID_ARGUMENT names the parameter that is
// unknown, given twice, not UTF-8, not a number or negative.
absl::StatusOr<FeedQuery> ParseFeedQuery(absl::string_view query);

// The query as one and the same text however it was written: filters in a fixed order, percent-
// encoded, nothing that is not set. "" when nothing is. With `size` only where it is not the
// default.
std::string CanonicalFilters(const FeedQuery& query);
std::string CanonicalQuery(const FeedQuery& query);

articles::v1::ListArticlesRequest ListRequest(const FeedQuery& query);

// "最新稿件", with the filters behind it.
std::string FeedTitle(const FeedQuery& query);

}  // namespace cityinfo::gateway
