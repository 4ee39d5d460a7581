#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "cityinfo/articles/v1/article.pb.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "platform/concurrency/worker_pool.h"
#include "platform/health/health.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/metrics.h"

namespace cityinfo::metrics::testing {

// An article service that offers nothing but WatchArticles, over real gRPC, and can misbehave. Its
// feed outlives its server, as an article store does.
class ArticleFeed {
 public:
  ArticleFeed() = default;
  ~ArticleFeed();
  ArticleFeed(const ArticleFeed&) = delete;
  ArticleFeed& operator=(const ArticleFeed&) = delete;

  // Serves; on the same port as before when it was stopped.
  absl::Status Start();
  void Stop();
  std::string target() const;

  // Puts the article as it now stands into the feed; returns the position.
  std::int64_t Append(const articles::v1::Article& article) ABSL_LOCKS_EXCLUDED(mutex_);

  // Removes an article for good: its changes go, and an entry comes that says so; returns its
  // position.
  std::int64_t Purge(absl::string_view id) ABSL_LOCKS_EXCLUDED(mutex_);
  // Lets all changes go that a newer one of the same article has replaced. Who asks for what comes
  // behind one of them is told that it is too old.
  void Trim() ABSL_LOCKS_EXCLUDED(mutex_);

  // From the next stream on: end each with UNAVAILABLE after so many changes (0: never) ...
  void BreakAfter(int changes) ABSL_LOCKS_EXCLUDED(mutex_);
  // ... send so many changes again that come before the position asked for ...
  void Replay(int changes) ABSL_LOCKS_EXCLUDED(mutex_);
  // ... and say nothing at all, not even heartbeats.
  void FallSilent(bool silent) ABSL_LOCKS_EXCLUDED(mutex_);

  int streams() const ABSL_LOCKS_EXCLUDED(mutex_);
  // How many of them began at the beginning of the feed.
  int streams_from_start() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Writer = rpc::ServerWriter<articles::v1::ArticleChange>;

  absl::Status Watch(const articles::v1::WatchArticlesRequest& request, Writer& writer);
  // Waits (a moment) for the first change behind `*position` and moves it there; false when there
  // is none yet.
  bool Next(std::int64_t* position, articles::v1::ArticleChange* change)
      ABSL_LOCKS_EXCLUDED(mutex_);
  std::int64_t AppendChange(articles::v1::ArticleChange change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  concurrency::WorkerPool pool_{{.name = "feed", .threads = 1, .queue_limit = 8}};
  health::Health health_;
  telemetry::Metrics metrics_;
  std::unique_ptr<rpc::Server> server_;
  int port_ = 0;

  mutable absl::Mutex mutex_;
  std::map<std::int64_t, articles::v1::ArticleChange> changes_ ABSL_GUARDED_BY(mutex_);
  std::int64_t newest_ ABSL_GUARDED_BY(mutex_) = 0;
  std::int64_t newest_trimmed_ ABSL_GUARDED_BY(mutex_) = 0;
  int break_after_ ABSL_GUARDED_BY(mutex_) = 0;
  int replay_ ABSL_GUARDED_BY(mutex_) = 0;
  bool silent_ ABSL_GUARDED_BY(mutex_) = false;
  int streams_ ABSL_GUARDED_BY(mutex_) = 0;
  int streams_from_start_ ABSL_GUARDED_BY(mutex_) = 0;
};

// An article of the year's newspaper with one paragraph per text; published, revision 1.
articles::v1::Article MakeArticle(absl::string_view id, const std::vector<std::string>& paragraphs);

}  // namespace cityinfo::metrics::testing
