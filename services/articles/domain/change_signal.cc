#include "services/articles/domain/change_signal.h"

#include <algorithm>

namespace cityinfo::articles {

void ChangeSignal::Announce(int64_t position) {
  absl::MutexLock lock(&mutex_);
  newest_.store(std::max(newest(), position), std::memory_order_release);
  changed_.SignalAll();
}

bool ChangeSignal::WaitBeyond(int64_t position, absl::Time deadline,
                              const std::function<bool()>& stopped) {
  absl::MutexLock lock(&mutex_);
  while (newest() <= position) {
    if (stopped()) return false;
    if (changed_.WaitWithDeadline(&mutex_, deadline)) return newest() > position;
  }
  return true;
}

void ChangeSignal::Wake() {
  absl::MutexLock lock(&mutex_);
  changed_.SignalAll();
}

}  // namespace cityinfo::articles
