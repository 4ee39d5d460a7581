#include "platform/health/component_watch.h"

#include <utility>

namespace cityinfo::health {
namespace {

State StateOf(const absl::Status& status) {
  if (status.ok()) return State::kOk;
  const bool busy = absl::IsResourceExhausted(status) || absl::IsDeadlineExceeded(status);
  return busy ? State::kDegraded : State::kDown;
}

}  // namespace

ComponentWatch::ComponentWatch(Health& health, std::string component, absl::Duration period,
                               std::function<absl::Status()> check)
    : thread_([this, &health, component = std::move(component), period, check = std::move(check)] {
        absl::Duration pause = period;
        while (!stop_.WaitForNotificationWithTimeout(pause)) {
          const absl::Status status = check();
          health.Set(component, StateOf(status), status.message());
          // What is down is missed: its return should be seen soon.
          pause = status.ok() ? period : period / 8;
        }
      }) {}

ComponentWatch::~ComponentWatch() {
  stop_.Notify();
  thread_.join();
}

}  // namespace cityinfo::health
