#include "platform/sql/pool.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"

namespace cityinfo::sql {

Pool::Pool(Options options) : options_(std::move(options)) {}

absl::StatusOr<std::unique_ptr<Connection>> Pool::TakePlace(absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  const absl::Time give_up = absl::Now() + options_.max_wait;
  ++waiting_;
  const bool free = mutex_.AwaitWithDeadline(absl::Condition(this, &Pool::HasFreePlace),
                                             std::min(deadline, give_up));
  --waiting_;
  if (!free) {
    ++timeouts_;
    if (deadline <= give_up) {
      return base::DeadlineExceeded("the deadline passed while waiting for the store");
    }
    return base::ResourceExhausted("STORE_BUSY", "the store is busy; try again later");
  }
  ++in_use_;
  if (idle_.empty()) return nullptr;
  std::unique_ptr<Connection> connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

absl::StatusOr<std::unique_ptr<Connection>> Pool::Take(absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, TakePlace(deadline));
  if (connection != nullptr && connection->broken()) connection.reset();
  if (connection == nullptr) {
    absl::StatusOr<std::unique_ptr<Connection>> opened = options_.open(deadline);
    absl::MutexLock lock(&mutex_);
    if (!opened.ok()) {
      --in_use_;
      ++failed_;
      return opened.status();
    }
    ++opened_;
    connection = *std::move(opened);
  }
  connection->SetDeadline(deadline);
  return connection;
}

void Pool::Give(std::unique_ptr<Connection> connection) {
  connection->SetDeadline(absl::InfiniteFuture());
  if (connection->InTransaction()) connection->Rollback().IgnoreError();
  // Closed here, outside the lock.
  if (connection->broken() || connection->InTransaction()) connection.reset();
  absl::MutexLock lock(&mutex_);
  --in_use_;
  if (connection != nullptr) idle_.push_back(std::move(connection));
}

Pool::Usage Pool::usage() const {
  absl::MutexLock lock(&mutex_);
  return {.size = options_.size,
          .in_use = in_use_,
          .idle = static_cast<int>(idle_.size()),
          .waiting = waiting_,
          .opened = opened_,
          .failed = failed_,
          .timeouts = timeouts_};
}

}  // namespace cityinfo::sql
