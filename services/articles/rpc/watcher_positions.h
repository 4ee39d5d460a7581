#pragma once

#include <cstdint>
#include <optional>
#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace cityinfo::articles {

// How far each open watch of the change feed has read, for operators: a reader that falls behind
// shows here before anyone misses its figures. Thread-safe.
class WatcherPositions {
 public:
  // One watcher; taken off the list when destroyed. For the watcher's thread. Must not outlive the
  // list it is on.
  class Seat {
   public:
    Seat(WatcherPositions* list, int64_t position) : list_(list), position_(position) {
      if (list_ != nullptr) list_->Add(position_);
    }
    ~Seat() {
      if (list_ != nullptr) list_->Remove(position_);
    }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

    void MoveTo(int64_t position) {
      if (list_ != nullptr && position != position_) list_->Replace(position_, position);
      position_ = position;
    }

   private:
    WatcherPositions* const list_;  // null: nobody keeps a list
    int64_t position_;
  };

  int count() const {
    absl::MutexLock lock(&mutex_);
    return static_cast<int>(positions_.size());
  }
  // nullopt when nobody watches.
  std::optional<int64_t> slowest() const {
    absl::MutexLock lock(&mutex_);
    if (positions_.empty()) return std::nullopt;
    return *positions_.begin();
  }

 private:
  void Add(int64_t position) {
    absl::MutexLock lock(&mutex_);
    positions_.insert(position);
  }
  void Remove(int64_t position) {
    absl::MutexLock lock(&mutex_);
    positions_.erase(positions_.find(position));
  }
  void Replace(int64_t from, int64_t to) {
    absl::MutexLock lock(&mutex_);
    positions_.erase(positions_.find(from));
    positions_.insert(to);
  }

  mutable absl::Mutex mutex_;
  std::multiset<int64_t> positions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cityinfo::articles
