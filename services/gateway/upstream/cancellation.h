#pragma once

#include <functional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace cityinfo::gateway {

// Tells everything that works for one request that nobody waits any more. Shared by the request and
// its calls; thread-safe.
class Cancellation {
 public:
  void Cancel() {
    std::vector<std::function<void()>> callbacks;
    {
      absl::MutexLock lock(&mutex_);
      cancelled_ = true;
      callbacks.swap(callbacks_);
    }
    for (const auto& callback : callbacks) callback();
  }

  bool cancelled() const {
    absl::MutexLock lock(&mutex_);
    return cancelled_;
  }

  // Runs `callback` when cancelled, at once if it already is. It must be harmless when its work is
  // over by then.
  void OnCancel(std::function<void()> callback) {
    {
      absl::MutexLock lock(&mutex_);
      if (!cancelled_) {
        callbacks_.push_back(std::move(callback));
        return;
      }
    }
    callback();
  }

 private:
  mutable absl::Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::function<void()>> callbacks_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cityinfo::gateway
