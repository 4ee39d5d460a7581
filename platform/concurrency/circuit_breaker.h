#pragma once

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"
#include "platform/base/retry.h"

namespace cityinfo::concurrency {

// Stops calling what keeps failing, and tries it again from time to time.
//
//   CLOSED     calls go through; `failures_to_open` failures in a row open it
//   OPEN       no call goes through until a wait is over (growing, with jitter)
//   HALF_OPEN  one call goes through as a probe: its success closes, its failure opens again
//
// The caller asks Allow before each call, and reports how each allowed call went. Thread-safe.
class CircuitBreaker {
 public:
  enum class State { kClosed, kOpen, kHalfOpen };

  struct Options {
    int failures_to_open = 3;
    base::Backoff::Options backoff;
    // A probe that has not reported after this long is taken for lost, and another is let through.
    absl::Duration probe_timeout = absl::Seconds(5);
  };

  explicit CircuitBreaker(const Options& options, const base::Clock& clock = base::SystemClock());
  // With a fixed seed for the jitter, for tests.
  CircuitBreaker(const Options& options, const base::Clock& clock, uint64_t seed);

  bool Allow();
  // While OPEN both are ignored: calls that were under way when it opened say nothing new.
  void RecordSuccess();
  void RecordFailure();

  State state() const;
  // How often it went from CLOSED to OPEN.
  int64_t times_opened() const;

 private:
  const Options options_;
  const base::Clock& clock_;
  mutable absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kClosed;
  base::Backoff backoff_ ABSL_GUARDED_BY(mutex_);
  int failures_in_row_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time next_probe_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  int64_t times_opened_ ABSL_GUARDED_BY(mutex_) = 0;
};

absl::string_view ToString(CircuitBreaker::State state);

}  // namespace cityinfo::concurrency
