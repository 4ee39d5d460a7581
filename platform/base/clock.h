#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace cityinfo::base {

// Where the time comes from. Injected wherever time decides something, so that a test can hold it
// still. Every implementation may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// The machine's clock; lives as long as the process.
const Clock& SystemClock();

// A clock that moves only when told to.
class FakeClock final : public Clock {
 public:
  // Starts at a fixed moment (2021-12-20 00:00 UTC) unless given another.
  FakeClock();
  explicit FakeClock(absl::Time now) : now_(now) {}

  absl::Time Now() const override;
  void Set(absl::Time now);
  void Advance(absl::Duration by);

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cityinfo::base
