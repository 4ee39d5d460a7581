#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace cityinfo::articles {

// Wakes those who follow the change feed. A store tells it each position it has committed; a
// watcher sleeps on it. It carries no changes and remembers nothing but the newest position, so any
// number of watchers, however slow, cost a writer one notification. Thread-safe.
class ChangeSignal {
 public:
  // `position` has been committed. Going backwards is ignored.
  void Announce(int64_t position);

  // Waits until a position above `position` is announced (true), or until `deadline` or until
  // `stopped`, which is asked whenever somebody calls Wake, says so (false).
  bool WaitBeyond(int64_t position, absl::Time deadline, const std::function<bool()>& stopped);

  // Makes every waiter ask its `stopped` again.
  void Wake();

  // Never waits for anything.
  int64_t newest() const { return newest_.load(std::memory_order_acquire); }

 private:
  absl::Mutex mutex_;
  absl::CondVar changed_;
  std::atomic<int64_t> newest_ = 0;  // Changed under mutex_.
};

}  // namespace cityinfo::articles
