#include "services/articles/domain/change_signal.h"

#include <algorithm>

namespace cityinfo::articles {

void ChangeSignal::Announce(int64_t position) {
  absl::MutexLock lock(&mutex_);
  newest_ = std::max(newest_, position);
  changed_.SignalAll();
}

bool ChangeSignal::WaitBeyond(int64_t position, absl::Time deadline,
                              const std::function<bool()>& stopped) {
  absl::MutexLock lock(&mutex_);
  while (newest_ <= position) {
    if (stopped()) return false;
    if (changed_.WaitWithDeadline(&mutex_, deadline)) return newest_ > position;
  }
  return true;
}

void ChangeSignal::Wake() {
  absl::MutexLock lock(&mutex_);
  changed_.SignalAll();
}

int64_t ChangeSignal::newest() const {
  absl::MutexLock lock(&mutex_);
  return newest_;
}

}  // namespace cityinfo::articles
