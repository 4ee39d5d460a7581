#include "platform/base/clock.h"

#include "absl/time/clock.h"

namespace cityinfo::base {
namespace {

class MachineClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

}  // namespace

const Clock& SystemClock() {
  static const MachineClock* const clock =
      new MachineClock();  // never destroyed: used until the very end
  return *clock;
}

FakeClock::FakeClock() : FakeClock(absl::FromUnixSeconds(1639958400)) {}

absl::Time FakeClock::Now() const {
  absl::MutexLock lock(&mutex_);
  return now_;
}

void FakeClock::Set(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  now_ = now;
}

void FakeClock::Advance(absl::Duration by) {
  absl::MutexLock lock(&mutex_);
  now_ += by;
}

}  // namespace cityinfo::base
