#pragma once

#include <algorithm>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace cityinfo::gateway {

// Keeps retries a small share of the calls: a service that is overloaded must not get more load for
// it. Every call saves up a part of a retry, every retry costs one. Thread-safe.
class RetryBudget {
 public:
  // `share` of calls that may be retried in the long run; up to `reserve` retries can be saved.
  RetryBudget(double share, double reserve) : share_(share), reserve_(reserve), saved_(reserve) {}

  void RecordCall() {
    absl::MutexLock lock(&mutex_);
    saved_ = std::min(reserve_, saved_ + share_);
  }

  bool TakeRetry() {
    absl::MutexLock lock(&mutex_);
    if (saved_ < 1) return false;
    saved_ -= 1;
    return true;
  }

 private:
  const double share_;
  const double reserve_;
  absl::Mutex mutex_;
  double saved_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cityinfo::gateway
