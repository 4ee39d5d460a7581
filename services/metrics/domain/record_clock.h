#pragma once

#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"

namespace cityinfo::metrics {

// Gives every write its record time and keeps the promise that an answer given `as_of` a past
// moment never changes: a write records later than every write before it and later than every
// moment asked about before it, and a question about a moment waits for the write under way that
// might record at or before it. Whole microseconds. Thread-safe.
class RecordClock {
 public:
  // `last_recorded`: of the newest write in the store.
  RecordClock(const base::Clock& clock, absl::Time last_recorded);

  // A write under way; it ends (committed or not) when this goes. One at a time: the caller holds
  // the store's only writer.
  class Write {
   public:
    Write(Write&& other) noexcept : owner_(other.owner_), time_(other.time_) {
      other.owner_ = nullptr;
    }
    Write& operator=(Write&&) = delete;
    ~Write();

    // The record time of the write's nth change.
    absl::Time time(int change = 0) const { return time_ + change * absl::Microseconds(1); }

   private:
    friend class RecordClock;
    Write(RecordClock* owner, absl::Time time) : owner_(owner), time_(time) {}
    RecordClock* owner_;
    absl::Time time_;
  };
  // With record times for `changes` changes that are committed together.
  Write BeginWrite(int changes = 1) ABSL_LOCKS_EXCLUDED(mutex_);

  // Call before opening the snapshot that answers a question as of `moment`. After OK, what was
  // recorded up to `moment` is committed and final. INVALID_ARGUMENT (as_of) for a moment in the
  // future, DEADLINE_EXCEEDED when the write under way does not end in time.
  absl::Status Settle(absl::Time moment, absl::Time deadline) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void EndWrite() ABSL_LOCKS_EXCLUDED(mutex_);

  const base::Clock& clock_;
  absl::Mutex mutex_;
  absl::Time newest_ ABSL_GUARDED_BY(mutex_);  // recorded or asked about
  std::optional<absl::Time> under_way_ ABSL_GUARDED_BY(mutex_);
};

// INVALID_ARGUMENT (MOMENT_IN_FUTURE) on as_of.
absl::Status MomentInFuture(absl::Time moment);

}  // namespace cityinfo::metrics
