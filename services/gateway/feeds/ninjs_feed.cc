#include "services/gateway/feeds/ninjs_feed.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"
#include "services/gateway/feeds/article_html.h"
#include "services/gateway/feeds/article_times.h"
#include "services/gateway/feeds/entry_id.h"

namespace cityinfo::gateway {
namespace {

using Json = nlohmann::ordered_json;

// Newspapers are dated in China; a day begins there.
std::string StartOfDay(const google::type::Date& date) {
  return absl::StrFormat("%04d-%02d-%02dT00:00:00+08:00", date.year(), date.month(), date.day());
}

Json Subjects(const articles::v1::Article& article) {
  Json subjects = Json::array();
  if (!article.section().empty()) {
    subjects.push_back({{"name", article.section()}, {"rel", "section"}});
  }
  for (const std::string& tag : article.tags()) {
    subjects.push_back({{"name", tag}, {"rel", "about"}});
  }
  return subjects;
}

void AddDescription(const articles::v1::Article& article, Json* item) {
  if (!article.byline().empty()) (*item)["by"] = article.byline();
  Json headlines = Json::array({{{"role", "main"}, {"value", article.title()}}});
  if (!article.subtitle().empty()) {
    headlines.push_back({{"role", "subtitle"}, {"value", article.subtitle()}});
  }
  (*item)["headlines"] = std::move(headlines);
  if (!article.excerpt().empty()) {
    (*item)["descriptions"] = Json::array(
        {{{"role", "summary"}, {"contentType", "text/plain"}, {"value", article.excerpt()}}});
  }
  if (Json subjects = Subjects(article); !subjects.empty()) {
    (*item)["subjects"] = std::move(subjects);
  }
  // Its code in GB/T 2260.
  if (!article.place().empty()) {
    (*item)["places"] = Json::array({{{"rel", "about"}, {"literal", article.place()}}});
  }
  if (!article.publication().empty()) {
    (*item)["infoSources"] =
        Json::array({{{"name", article.publication()}, {"role", "publisher"}}});
  }
}

Json Item(const Feed& feed, const articles::v1::Article& article) {
  Json item = {{"uri", EntryId(article.name())},
               {"type", "text"},
               {"representationType", "full"},
               {"version", absl::StrCat(article.revision())},
               {"firstCreated", Rfc3339(ToTime(article.create_time()))},
               {"versionCreated", Rfc3339(ToTime(article.update_time()))}};
  if (article.has_publish_date()) item["contentCreated"] = StartOfDay(article.publish_date());
  item["pubStatus"] = "usable";
  if (article.has_unpublish_time()) {
    item["expires"] = Rfc3339(ToTime(article.unpublish_time()));
  }
  item["language"] = kFeedLanguage;
  AddDescription(article, &item);
  item["bodies"] = Json::array(
      {{{"role", "main"}, {"contentType", "text/plain"}, {"value", ArticleText(article)}},
       {{"role", "richtext"}, {"contentType", "text/html"}, {"value", ArticleHtml(article)}}});
  item["altIds"] = Json::array({{{"role", "name"}, {"value", article.name()}}});
  if (!feed.public_url.empty()) {
    item["renditions"] = Json::array(
        {{{"name", "web"}, {"href", ArticleUrl(feed, article)}, {"contentType", "text/html"}}});
  }
  item["standard"] = {{"name", "ninjs"},
                      {"version", "3.0"},
                      {"schema", "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json#"}};
  return item;
}

}  // namespace

std::string WriteNinjsFeed(const Feed& feed) {
  Json json = Json::array();
  for (const articles::v1::Article& article : feed.articles) json.push_back(Item(feed, article));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cityinfo::gateway
