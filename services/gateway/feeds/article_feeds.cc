#include "services/gateway/feeds/article_feeds.h"

#include <array>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/gateway/feeds/atom_feed.h"
#include "services/gateway/feeds/entry_id.h"
#include "services/gateway/feeds/feed_query.h"
#include "services/gateway/feeds/json_feed.h"
#include "services/gateway/feeds/ninjs_feed.h"

namespace cityinfo::gateway {
namespace {

constexpr char kListArticles[] = "/cityinfo.articles.v1.ArticleService/ListArticles";

constexpr std::array<FeedFormat, 3> kFormats = {{
    {"/feeds/articles.atom", "application/atom+xml; charset=utf-8", &WriteAtomFeed},
    {"/feeds/articles.json", "application/feed+json", &WriteJsonFeed},
    {"/feeds/articles.ninjs", "application/json; charset=utf-8", &WriteNinjsFeed},
}};

Feed MakeFeed(const FeedFormat& format, const FeedQuery& query) {
  const std::string filters = CanonicalFilters(query);
  const std::string canonical = CanonicalQuery(query);
  // The format and the number of entries do not make it another feed.
  return {.id = EntryId(absl::StrCat("feeds/articles", filters.empty() ? "" : "?", filters)),
          .title = FeedTitle(query),
          .self = absl::StrCat(format.path, canonical.empty() ? "" : "?", canonical)};
}

}  // namespace

absl::Span<const FeedFormat> FeedFormats() { return kFormats; }

const FeedFormat* FindFeedFormat(absl::string_view path) {
  for (const FeedFormat& format : kFormats) {
    if (format.path == path) return &format;
  }
  return nullptr;
}

ArticleFeeds::ArticleFeeds(Options options, Upstream& articles)
    : options_(std::move(options)), articles_(articles) {}

void ArticleFeeds::Get(const FeedFormat& format, const CallContext& context,
                       absl::string_view query, Callback callback) {
  const absl::StatusOr<FeedQuery> asked = ParseFeedQuery(query);
  if (!asked.ok()) return callback(asked.status());
  Feed feed = MakeFeed(format, *asked);
  feed.public_url = options_.public_url;
  CallMessage<articles::v1::ListArticlesResponse>(
      articles_, kListArticles, context, ListRequest(*asked),
      [&format, feed = std::move(feed), callback = std::move(callback)](
          absl::StatusOr<articles::v1::ListArticlesResponse> answer) mutable {
        if (!answer.ok()) return callback(std::move(answer).status());
        auto& listed = *answer->mutable_articles();
        feed.articles.assign(std::make_move_iterator(listed.begin()),
                             std::make_move_iterator(listed.end()));
        FeedDocument document{.content_type = format.content_type, .body = format.write(feed)};
        if (!feed.articles.empty()) document.last_modified = LastChange(feed);
        callback(std::move(document));
      });
}

}  // namespace cityinfo::gateway
