#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/date.h"

namespace cityinfo::bench {

struct NewsItem {
  base::Date date;
  std::string title;
  std::vector<std::string> paragraphs;  // Without empty ones.
};

// Reads a gzipped file of JSON lines {"date": "20211220", "title": "…", "paras": ["…"]}.
// INVALID_ARGUMENT names the line that is not so.
absl::StatusOr<std::vector<NewsItem>> ReadNews(const std::string& path);

}  // namespace cityinfo::bench
