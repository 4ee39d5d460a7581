#include "tests/support/wait_until.h"

#include "absl/time/clock.h"

namespace cityinfo::testing {

bool WaitUntil(const std::function<bool()>& condition, absl::Duration bound) {
  const absl::Time deadline = absl::Now() + bound;
  while (!condition()) {
    if (absl::Now() >= deadline) return condition();
    absl::SleepFor(absl::Milliseconds(5));
  }
  return true;
}

}  // namespace cityinfo::testing
