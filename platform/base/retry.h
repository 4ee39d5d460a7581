#pragma once

#include <cstdint>
#include <optional>
#include <random>

#include "absl/time/time.h"

namespace cityinfo::base {

// How long to wait before the next try: grows by `multiplier` up to `max`, and each wait is
// shortened by a random part of up to `jitter` of itself, so that many clients do not come back in
// step. Only computes; the caller waits. Not thread-safe.
class Backoff {
 public:
  struct Options {
    absl::Duration initial = absl::Milliseconds(100);
    absl::Duration max = absl::Seconds(10);
    double multiplier = 2;
    double jitter = 0.5;  // 0 (none) to 1 (anything from zero)
  };

  explicit Backoff(const Options& options);
  // With a fixed seed, for tests.
  Backoff(const Options& options, uint64_t seed);

  absl::Duration Next();
  // After a success: start from `initial` again.
  void Reset();
  // Calls of Next since the last Reset.
  int attempts() const { return attempts_; }

 private:
  const Options options_;
  std::optional<std::mt19937_64> random_;  // seeded by the first Next: most are never asked
  absl::Duration ceiling_;
  int attempts_ = 0;
};

}  // namespace cityinfo::base
