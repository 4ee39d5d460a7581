#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cityinfo/articles/v1/article.pb.h"

namespace cityinfo::gateway {

// The newest articles, before they have a form: what every format is written from.
struct Feed {
  // "urn:uuid:…", the same for the same filters for ever.
  std::string id;
  std::string title;
  // Path and query of this feed: "/feeds/articles.atom?tag=%E5%86%9C%E4%B8%9A".
  std::string self;
  // Where the public reaches this gateway, "https://city.example", without a slash at the end.
  // Empty when nobody has said so: then links are relative, or left out where a format has only
  // whole ones.
  std::string public_url;
  // Published ones in FULL view, newest first.
  std::vector<articles::v1::Article> articles;
};

// The language of every article and of the feed's own words (BCP 47).
inline constexpr char kFeedLanguage[] = "zh-CN";
// Who answers for the feed as a whole.
inline constexpr char kFeedAuthor[] = "城市信息";

// When the newest change of any article in it became public; 1970 for a feed without articles, so
// that the same content has the same bytes whenever it is asked for.
absl::Time LastChange(const Feed& feed);

// Where people read an article, or the city, on the web: "https://city.example/#/articles/7".
// Begins with a slash when the public URL is not known.
std::string ArticleUrl(const Feed& feed, const articles::v1::Article& article);
std::string HomeUrl(const Feed& feed);
// The feed itself, in the same way.
std::string SelfUrl(const Feed& feed);

// The section and the tags of an article, none empty, none twice.
std::vector<std::string> Labels(const articles::v1::Article& article);

}  // namespace cityinfo::gateway
