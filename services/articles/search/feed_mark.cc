#include "services/articles/search/feed_mark.h"

#include "absl/strings/str_cat.h"

namespace cityinfo::articles {

std::string MarkOf(const ArticleChange& change) {
  return absl::StrCat(change.position, ".", change.article.id, ".",
                      absl::ToUnixMicros(change.commit_time));
}

}  // namespace cityinfo::articles
