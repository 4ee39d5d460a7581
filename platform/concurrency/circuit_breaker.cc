#include "platform/concurrency/circuit_breaker.h"

#include <random>

namespace cityinfo::concurrency {

CircuitBreaker::CircuitBreaker(const Options& options, const base::Clock& clock)
    : CircuitBreaker(options, clock, std::random_device{}()) {}

CircuitBreaker::CircuitBreaker(const Options& options, const base::Clock& clock, uint64_t seed)
    : options_(options), clock_(clock), backoff_(options.backoff, seed) {}

bool CircuitBreaker::Allow() {
  absl::MutexLock lock(&mutex_);
  if (state_ == State::kClosed) return true;
  const absl::Time now = clock_.Now();
  if (now < next_probe_) return false;
  state_ = State::kHalfOpen;
  next_probe_ = now + options_.probe_timeout;
  return true;
}

void CircuitBreaker::RecordSuccess() {
  absl::MutexLock lock(&mutex_);
  if (state_ == State::kOpen) return;
  state_ = State::kClosed;
  failures_in_row_ = 0;
  backoff_.Reset();
}

void CircuitBreaker::RecordFailure() {
  absl::MutexLock lock(&mutex_);
  if (state_ == State::kOpen) return;
  if (state_ == State::kClosed) {
    if (++failures_in_row_ < options_.failures_to_open) return;
    ++times_opened_;
  }
  state_ = State::kOpen;
  failures_in_row_ = 0;
  next_probe_ = clock_.Now() + backoff_.Next();
}

CircuitBreaker::State CircuitBreaker::state() const {
  absl::MutexLock lock(&mutex_);
  return state_;
}

int64_t CircuitBreaker::times_opened() const {
  absl::MutexLock lock(&mutex_);
  return times_opened_;
}

absl::string_view ToString(CircuitBreaker::State state) {
  switch (state) {
    case CircuitBreaker::State::kClosed:
      return "closed";
    case CircuitBreaker::State::kOpen:
      return "open";
    case CircuitBreaker::State::kHalfOpen:
      return "half-open";
  }
  return "unknown";
}

}  // namespace cityinfo::concurrency
