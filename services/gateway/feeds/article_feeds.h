#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/gateway/feeds/feed.h"
#include "services/gateway/upstream/call_context.h"
#include "services/gateway/upstream/upstream.h"

namespace cityinfo::gateway {

// A form in which the newest articles are given away, and where.
struct FeedFormat {
  absl::string_view path;  // "/feeds/articles.atom"
  absl::string_view content_type;
  std::string (*write)(const Feed& feed);
};

absl::Span<const FeedFormat> FeedFormats();
// Null when nothing is at this path.
const FeedFormat* FindFeedFormat(absl::string_view path);

// A feed as it is sent.
struct FeedDocument {
  absl::string_view content_type;
  std::string body;
  // Absent (infinite past) for a feed without articles.
  absl::Time last_modified = absl::InfinitePast();
};

// The newest published articles for feed readers and other newsrooms. Thread-safe; the service must
// outlive it.
class ArticleFeeds {
 public:
  struct Options {
    // See CheckPublicUrl.
    std::string public_url;
  };
  using Callback = std::function<void(absl::StatusOr<FeedDocument>)>;

  ArticleFeeds(Options options, Upstream& articles);

  // `query` is still percent-encoded, see ParseFeedQuery. Articles may be fewer than asked for when
  // their texts are very long: the service ends a list of whole articles at 8 MiB. Fails as the
  // query, or as ListArticles does. `callback` runs exactly once, on a thread of gRPC's or on this
  // one.
  void Get(const FeedFormat& format, const CallContext& context, absl::string_view query,
           Callback callback);

 private:
  const Options options_;
  Upstream& articles_;
};

}  // namespace cityinfo::gateway
