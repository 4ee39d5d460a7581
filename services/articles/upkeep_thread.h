#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/telemetry/metrics.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/domain/change_signal.h"

namespace cityinfo::articles {

// Does what time asks of the archive, on a thread of its own: writes scheduled moments down when
// they come, so that the change feed carries them, purges what was deleted long ago, and lets old
// changes leave the feed. No answer waits for it. Every replica may have one; who comes first does
// the work.
//
// It sleeps until the next moment that is known, until something is committed (it may have set an
// earlier one), but no longer than `idle`, and never asks more often than every `pause` unless
// there is more to do at once. What fails is tried again after a pause.
//
//   cityinfo_articles_settled_total            scheduled moments written down
//   cityinfo_articles_purged_total             deleted articles removed for good
//   cityinfo_articles_changes_trimmed_total    old changes that left the feed
//   cityinfo_articles_upkeep_failures_total    attempts that failed
class UpkeepThread {
 public:
  struct Options {
    absl::Duration pause = absl::Seconds(1);
    absl::Duration idle = absl::Seconds(30);
    // One KeepUp; what it has not done by then it has not done at all.
    absl::Duration timeout = absl::Seconds(4);
  };
  // ArticleStore::KeepUp.
  using KeepUp = std::function<absl::StatusOr<Upkeep>(absl::Time deadline)>;

  // All must outlive it.
  UpkeepThread(KeepUp keep_up, ChangeSignal& signal, telemetry::Metrics& metrics,
               const Options& options);
  // Ends at once, but for a KeepUp under way, which has its timeout.
  ~UpkeepThread();
  UpkeepThread(const UpkeepThread&) = delete;
  UpkeepThread& operator=(const UpkeepThread&) = delete;

 private:
  void Run();
  // For operators: counts, and logs what was done and when it begins and ceases to fail.
  void Report(const absl::StatusOr<Upkeep>& done);
  // Until `time`, or until the thread is to end.
  void SleepUntil(absl::Time time);
  bool stopped() const { return stopped_.load(std::memory_order_acquire); }

  const KeepUp keep_up_;
  ChangeSignal& signal_;
  const Options options_;
  telemetry::Counter& settled_;
  telemetry::Counter& purged_;
  telemetry::Counter& trimmed_;
  telemetry::Counter& failures_;
  bool failing_ = false;  // The thread's own.
  std::atomic<bool> stopped_{false};
  std::jthread thread_;  // The last: it uses the others.
};

}  // namespace cityinfo::articles
