#include "services/gateway/feeds/json_feed.h"

#include "nlohmann/json.hpp"
#include "services/gateway/feeds/article_html.h"
#include "services/gateway/feeds/article_times.h"
#include "services/gateway/feeds/entry_id.h"

namespace cityinfo::gateway {
namespace {

using Json = nlohmann::ordered_json;

Json Item(const Feed& feed, const articles::v1::Article& article) {
  Json item = {{"id", EntryId(article.name())}};
  if (!feed.public_url.empty()) item["url"] = ArticleUrl(feed, article);
  item["title"] = article.title();
  item["content_html"] = ArticleHtml(article);
  if (!article.excerpt().empty()) item["summary"] = article.excerpt();
  if (article.has_first_publish_time()) {
    item["date_published"] = Rfc3339(ToTime(article.first_publish_time()));
  }
  item["date_modified"] = Rfc3339(ChangedAt(article));
  const std::string& author = article.byline().empty() ? article.publication() : article.byline();
  if (!author.empty()) item["authors"] = Json::array({{{"name", author}}});
  if (const auto labels = Labels(article); !labels.empty()) item["tags"] = labels;
  return item;
}

}  // namespace

std::string WriteJsonFeed(const Feed& feed) {
  Json json = {{"version", "https://jsonfeed.org/version/1.1"}, {"title", feed.title}};
  if (!feed.public_url.empty()) {
    json["home_page_url"] = HomeUrl(feed);
    json["feed_url"] = SelfUrl(feed);
  }
  json["language"] = kFeedLanguage;
  json["authors"] = Json::array({{{"name", kFeedAuthor}}});
  json["items"] = Json::array();
  for (const articles::v1::Article& article : feed.articles) {
    json["items"].push_back(Item(feed, article));
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cityinfo::gateway
