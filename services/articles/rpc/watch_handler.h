#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "platform/rpc/request_context.h"
#include "platform/rpc/server_writer.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/rpc/watcher_positions.h"

namespace cityinfo::articles {

// WatchArticles: the change feed as a stream. Each watcher reads the feed at its own pace, a
// bounded batch at a time, so a slow one holds up nobody and holds no more than its batch.
// Thread-safe; `store` must outlive it.
class WatchHandler {
 public:
  struct Options {
    // After this long without a change a heartbeat is sent.
    absl::Duration heartbeat = absl::Seconds(5);
    ChangeLimits batch;
    // Where watchers are noted for operators; may be null, else must outlive the handler.
    WatcherPositions* watchers = nullptr;
  };

  WatchHandler(ArticleStore& store, Options options) : store_(store), options_(options) {}

  // Returns when the stream has ended, or with the store's error.
  absl::Status WatchArticles(const rpc::RequestContext& context,
                             const v1::WatchArticlesRequest& request,
                             rpc::ServerWriter<v1::ArticleChange>& writer);

 private:
  // Sends what the feed holds after `*position` and moves it; false when the stream is over.
  absl::StatusOr<bool> SendBatch(rpc::ServerWriter<v1::ArticleChange>& writer, int64_t* position);

  ArticleStore& store_;
  const Options options_;
};

}  // namespace cityinfo::articles
