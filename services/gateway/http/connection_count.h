#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace cityinfo::gateway {

// How many connections are open. Thread-safe.
class ConnectionCount {
 public:
  // The number with the new one.
  int Add() {
    absl::MutexLock lock(&mutex_);
    return ++open_;
  }
  void Remove() {
    absl::MutexLock lock(&mutex_);
    --open_;
  }
  int open() const {
    absl::MutexLock lock(&mutex_);
    return open_;
  }
  // Waits until none is open; returns how many are at the deadline.
  int AwaitNone(absl::Time deadline) const {
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithDeadline(absl::Condition(
                                 +[](const int* open) { return *open == 0; }, &open_),
                             deadline);
    return open_;
  }

 private:
  mutable absl::Mutex mutex_;
  int open_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace cityinfo::gateway
