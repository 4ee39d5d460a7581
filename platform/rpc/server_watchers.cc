#include "platform/rpc/server_watchers.h"

#include <system_error>
#include <utility>

namespace cityinfo::rpc {

ServerWatchers::~ServerWatchers() {
  AwaitNone(absl::InfiniteFuture());
  absl::MutexLock lock(&mutex_);
  for (Watcher& watcher : watchers_) {
    // The thread's last act was to say that it is done, so this does not wait on the lock.
    watcher.thread.join();
  }
}

bool ServerWatchers::Start(std::function<void()> work) {
  std::list<Watcher> finished;
  bool started = false;
  {
    absl::MutexLock lock(&mutex_);
    finished = TakeFinished();
    if (running_ < limit_) {
      Watcher& watcher = watchers_.emplace_back();
      try {
        watcher.thread = std::thread([this, &watcher, work = std::move(work)]() mutable {
          work();
          work = nullptr;
          absl::MutexLock lock(&mutex_);
          watcher.finished = true;
          --running_;
        });
        ++running_;
        started = true;
      } catch (const std::system_error&) {
        watchers_.pop_back();
      }
    }
  }
  for (Watcher& watcher : finished) watcher.thread.join();
  return started;
}

bool ServerWatchers::AwaitNone(absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithDeadline(absl::Condition(this, &ServerWatchers::NoneRuns), deadline);
}

std::list<ServerWatchers::Watcher> ServerWatchers::TakeFinished() {
  std::list<Watcher> finished;
  for (auto it = watchers_.begin(); it != watchers_.end();) {
    const auto next = std::next(it);
    if (it->finished) finished.splice(finished.end(), watchers_, it);
    it = next;
  }
  return finished;
}

}  // namespace cityinfo::rpc
