#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/base/date.h"
#include "services/articles/domain/article.h"

namespace cityinfo::articles {

// The fields an update changes; what is not given stays.
struct ContentPatch {
  std::optional<std::string> title;
  std::optional<std::string> subtitle;
  std::optional<std::string> byline;
  std::optional<std::string> section;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::string> publication;
  std::optional<base::Date> publish_date;
  std::optional<std::string> page;
  std::optional<std::string> place;
  std::optional<std::vector<Block>> blocks;
};

// `content` with the patch laid over it. New blocks drop the importer's doubts: they spoke of the
// old ones, and an editor has been over the text.
ArticleContent ApplyPatch(const ContentPatch& patch, ArticleContent content);

// What differs, in words, for a list of revisions: "title and blocks changed".
std::string DescribeDifference(const ArticleContent& before, const ArticleContent& after);

}  // namespace cityinfo::articles
