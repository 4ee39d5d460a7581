#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"

namespace cityinfo::concurrency {

// A fixed number of threads behind a bounded queue, for work that blocks (SQL, files). Work nobody
// waits for any more is not done: a task whose deadline has passed or whose caller has gone is
// dropped when its turn comes. Thread-safe.
class WorkerPool {
 public:
  // Called exactly once for every task that was accepted, on a thread of the pool (or on the thread
  // that drains, see there). An OK fate means: do the work. Otherwise the task was dropped, and the
  // fate says why, ready to be the answer: DEADLINE_EXCEEDED, CANCELLED, or UNAVAILABLE (shutting
  // down). Must not throw, and must not wait for another task of the same pool.
  using Task = absl::AnyInvocable<void(absl::Status fate)>;

  struct Options {
    std::string name = "pool";  // for error messages
    int threads = 4;
    int queue_limit = 256;               // tasks waiting, not counting those running
    const base::Clock* clock = nullptr;  // the system's, if not given
  };

  struct Stats {
    int queued = 0;
    int running = 0;
    int64_t finished = 0;
    int64_t rejected = 0;  // the queue was full, or the pool was draining
    int64_t dropped = 0;   // accepted, then not worth doing
  };

  explicit WorkerPool(Options options);
  // Drops what still waits, then joins the threads.
  ~WorkerPool();

  // RESOURCE_EXHAUSTED (QUEUE_FULL) when the queue is full, UNAVAILABLE (SHUTTING_DOWN) after
  // Drain; the task is then destroyed uncalled. `cancelled` is asked once, when the task's turn
  // comes.
  absl::Status TrySubmit(Task task, absl::Time deadline = absl::InfiniteFuture(),
                         std::function<bool()> cancelled = nullptr);

  // Accepts nothing more and waits until everything accepted is done. At `deadline` (real time) it
  // drops what still waits, on the calling thread, and returns DEADLINE_EXCEEDED; running tasks go
  // on.
  absl::Status Drain(absl::Time deadline);

  Stats GetStats() const;
  const Options& options() const { return options_; }

 private:
  struct Entry {
    Task task;
    absl::Time deadline;
    std::function<bool()> cancelled;
  };

  void RunThread();
  absl::Status Fate(const Entry& entry) const;
  void DropQueue();
  bool HasWorkOrStops() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  }
  bool IsIdle() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return queue_.empty() && stats_.running == 0;
  }

  const Options options_;
  const base::Clock& clock_;
  mutable absl::Mutex mutex_;
  std::deque<Entry> queue_ ABSL_GUARDED_BY(mutex_);
  Stats stats_ ABSL_GUARDED_BY(mutex_);
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::jthread> threads_;  // last, so that they end before what they use
};

}  // namespace cityinfo::concurrency
