#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"

namespace cityinfo::sql {

// A bounded number of connections of one kind, opened when they are first needed and lent to one
// borrower each. What comes back broken is closed, and its place opened anew by the next borrower.
// Thread-safe.
class Pool {
 public:
  struct Options {
    int size = 1;
    // The longest anyone waits for a connection, whatever their own deadline.
    absl::Duration max_wait = absl::Seconds(5);
    std::function<absl::StatusOr<std::unique_ptr<Connection>>(absl::Time deadline)> open;
  };

  struct Usage {
    int size = 0;          // places
    int in_use = 0;        // lent
    int idle = 0;          // open, waiting for a borrower
    int waiting = 0;       // borrowers that wait for a place
    int64_t opened = 0;    // connections opened since the start
    int64_t failed = 0;    // that could not be opened
    int64_t timeouts = 0;  // borrowers that went away without one
  };

  explicit Pool(Options options);

  // A connection whose statements run until `deadline` at most. DEADLINE_EXCEEDED if it passes
  // first, RESOURCE_EXHAUSTED (STORE_BUSY) after max_wait, and what `open` says.
  absl::StatusOr<std::unique_ptr<Connection>> Take(absl::Time deadline);
  // Rolls back what was left open.
  void Give(std::unique_ptr<Connection> connection);

  Usage usage() const;

 private:
  bool HasFreePlace() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return in_use_ < options_.size; }
  // Waits for a place and takes it, with the connection it holds, if any.
  absl::StatusOr<std::unique_ptr<Connection>> TakePlace(absl::Time deadline);

  const Options options_;
  mutable absl::Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);  // last used at the end
  int in_use_ ABSL_GUARDED_BY(mutex_) = 0;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t opened_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t failed_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t timeouts_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace cityinfo::sql
