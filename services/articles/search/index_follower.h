#pragma once

#include <atomic>
#include <cstdint>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "platform/base/retry.h"
#include "platform/telemetry/metrics.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/search/search_index.h"

namespace cityinfo::articles {

// Follows the change feed of the store in this process and brings it into the search index, on a
// thread of its own from construction until Stop.
//
// It continues where the index is, which is noted with what it holds in one transaction: after a
// crash nothing is lost, and what comes twice does no harm. While it is far behind it reads the
// next changes while the present ones are being written.
//
// When the feed no longer has what the index needs next (RESUME_TOKEN_TOO_OLD) or is another one
// than the index was built from, the index is emptied and built again from the beginning; meanwhile
// the search answers with what is there and says how far it is behind. Another feed is known by
// RESUME_TOKEN_AHEAD, or by the change at the index's position having another mark (feed_mark.h):
// looked at before the first change and after every error of the store.
//
// When the store or the disk fails it tries again with growing pauses, for as long as it takes.
class IndexFollower {
 public:
  struct Options {
    // Changes taken up in one transaction at most.
    ChangeLimits batch = {.changes = 1024, .text_bytes = 4 << 20};
    // Pauses after an error.
    base::Backoff::Options retry = {.initial = absl::Milliseconds(50), .max = absl::Seconds(5)};
    // After a batch that was not full the next one gathers for this long: many small transactions
    // cost far more than one.
    absl::Duration gather = absl::Milliseconds(50);
    // The signal tells of every commit; should it once not, this is how late a change is seen.
    absl::Duration look_every = absl::Seconds(5);
    absl::Duration read_timeout = absl::Seconds(5);
    absl::Duration apply_timeout = absl::Seconds(60);
  };

  // All must outlive it.
  IndexFollower(ArticleStore& store, SearchIndex& index, telemetry::Metrics& metrics,
                const Options& options);
  // Stops.
  ~IndexFollower();
  IndexFollower(const IndexFollower&) = delete;
  IndexFollower& operator=(const IndexFollower&) = delete;

  // Returns when the transaction under way has ended and nothing more will be read or written. Any
  // thread; again is fine.
  void Stop() ABSL_LOCKS_EXCLUDED(join_mutex_);

  // Committed changes that are not in the index, at most; 0: it is up to date. Any thread.
  int64_t changes_behind() const;

 private:
  using Changes = std::vector<ArticleChange>;

  void Run();
  // Finds out whether the index was built from this feed; if not, empties it.
  absl::Status CheckHistory();
  // Takes up the next changes, or waits for some.
  absl::Status Step();
  absl::Status Apply(const Changes& changes);
  absl::Status StartAnew(absl::string_view why);
  void CountRebuild(absl::string_view why);
  absl::StatusOr<Changes> Read(int64_t after, const ChangeLimits& limits);
  // Read, unless that was done ahead.
  absl::StatusOr<Changes> ReadNext(int64_t after);
  void ReadAhead(int64_t after);
  void Report(const absl::Status& trouble);

  bool stopping() const { return stop_.HasBeenNotified(); }
  // Waits, but not past Stop.
  void Pause(absl::Duration duration) { stop_.WaitForNotificationWithTimeout(duration); }

  ArticleStore& store_;
  SearchIndex& index_;
  const Options options_;
  telemetry::Counter& rebuilds_;
  telemetry::Counter& changes_;
  telemetry::Counter& failures_;
  telemetry::Histogram& apply_duration_;

  // So many positions behind the last change of the feed were announced and are not there: a
  // primary lost them with its disk. They are nothing to wait for.
  std::atomic<int64_t> lost_{0};

  // Of the thread alone.
  bool same_history_ = false;
  bool in_trouble_ = false;
  int64_t ahead_after_ = 0;
  std::future<absl::StatusOr<Changes>> ahead_;

  absl::Notification stop_;
  absl::Mutex join_mutex_;  // One joins, the others wait for it.
  bool stopped_ ABSL_GUARDED_BY(join_mutex_) = false;
  std::jthread thread_ ABSL_GUARDED_BY(join_mutex_);
};

}  // namespace cityinfo::articles
