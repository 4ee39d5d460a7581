#include "services/gateway/feeds/feed.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/gateway/feeds/article_times.h"

namespace cityinfo::gateway {

absl::Time LastChange(const Feed& feed) {
  absl::Time last = absl::UnixEpoch();
  for (const articles::v1::Article& article : feed.articles) {
    last = std::max(last, ChangedAt(article));
  }
  return last;
}

// The web app shows an article by the part behind '#', which no server sees.
std::string ArticleUrl(const Feed& feed, const articles::v1::Article& article) {
  return absl::StrCat(feed.public_url, "/#/", article.name());
}

std::string HomeUrl(const Feed& feed) { return absl::StrCat(feed.public_url, "/"); }

std::string SelfUrl(const Feed& feed) { return absl::StrCat(feed.public_url, feed.self); }

std::vector<std::string> Labels(const articles::v1::Article& article) {
  std::vector<std::string> labels;
  const auto add = [&labels](const std::string& label) {
    if (label.empty() || std::find(labels.begin(), labels.end(), label) != labels.end()) return;
    labels.push_back(label);
  };
  add(article.section());
  for (const std::string& tag : article.tags()) add(tag);
  return labels;
}

}  // namespace cityinfo::gateway
