#pragma once

#include <functional>
#include <list>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace cityinfo::rpc {

// The threads that streaming handlers of one kind run on: one each, at most `limit` at a time.
// Thread-safe.
class ServerWatchers {
 public:
  explicit ServerWatchers(int limit) : limit_(limit) {}
  // Joins what still runs.
  ~ServerWatchers();

  // Runs `work` on a thread of its own; false when there are `limit` already or the system has no
  // thread to give.
  bool Start(std::function<void()> work);

  // Waits until none runs; false when some still do at `deadline`.
  bool AwaitNone(absl::Time deadline);

 private:
  struct Watcher {
    std::thread thread;
    bool finished = false;
  };

  // Moves what has finished out, to be joined by the caller without the lock.
  std::list<Watcher> TakeFinished() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool NoneRuns() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return running_ == 0; }

  const int limit_;
  absl::Mutex mutex_;
  std::list<Watcher> watchers_ ABSL_GUARDED_BY(mutex_);
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace cityinfo::rpc
