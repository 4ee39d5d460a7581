#include "platform/concurrency/worker_pool.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"

namespace cityinfo::concurrency {

WorkerPool::WorkerPool(Options options)
    : options_(std::move(options)),
      clock_(options_.clock != nullptr ? *options_.clock : base::SystemClock()) {
  threads_.reserve(options_.threads);
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { RunThread(); });
}

WorkerPool::~WorkerPool() {
  {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
  }
  DropQueue();
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  threads_.clear();  // joins
}

absl::Status WorkerPool::TrySubmit(Task task, absl::Time deadline,
                                   std::function<bool()> cancelled) {
  absl::MutexLock lock(&mutex_);
  if (draining_) {
    ++stats_.rejected;
    return base::Unavailable("SHUTTING_DOWN", "the service is shutting down");
  }
  if (static_cast<int>(queue_.size()) >= options_.queue_limit) {
    ++stats_.rejected;
    return base::ResourceExhausted(
        "QUEUE_FULL", absl::StrCat("too many requests are waiting for the ", options_.name));
  }
  queue_.push_back(
      {.task = std::move(task), .deadline = deadline, .cancelled = std::move(cancelled)});
  return absl::OkStatus();
}

absl::Status WorkerPool::Fate(const Entry& entry) const {
  if (entry.cancelled && entry.cancelled()) {
    return base::Cancelled("the caller went away before its turn came");
  }
  if (clock_.Now() >= entry.deadline) {
    return base::DeadlineExceeded("the deadline passed while the request was waiting for its turn");
  }
  return absl::OkStatus();
}

void WorkerPool::RunThread() {
  for (;;) {
    Entry entry;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &WorkerPool::HasWorkOrStops));
      if (queue_.empty()) return;
      entry = std::move(queue_.front());
      queue_.pop_front();
      ++stats_.running;
    }
    const absl::Status fate = Fate(entry);
    entry.task(fate);
    entry = {};  // what the task holds is released before it counts as done
    absl::MutexLock lock(&mutex_);
    --stats_.running;
    ++(fate.ok() ? stats_.finished : stats_.dropped);
  }
}

absl::Status WorkerPool::Drain(absl::Time deadline) {
  bool idle;
  {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
    idle = mutex_.AwaitWithDeadline(absl::Condition(this, &WorkerPool::IsIdle), deadline);
  }
  if (idle) return absl::OkStatus();
  DropQueue();
  return base::DeadlineExceeded(
      absl::StrCat("the ", options_.name, " did not finish its work in time"));
}

void WorkerPool::DropQueue() {
  std::deque<Entry> dropped;
  {
    absl::MutexLock lock(&mutex_);
    dropped.swap(queue_);
    stats_.dropped += static_cast<int64_t>(dropped.size());
  }
  for (Entry& entry : dropped) {
    entry.task(base::Unavailable("SHUTTING_DOWN", "the service is shutting down"));
  }
}

WorkerPool::Stats WorkerPool::GetStats() const {
  absl::MutexLock lock(&mutex_);
  Stats stats = stats_;
  stats.queued = static_cast<int>(queue_.size());
  return stats;
}

}  // namespace cityinfo::concurrency
