#pragma once

#include <functional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "platform/health/health.h"

namespace cityinfo::health {

// Asks a component how it is, every `period` and more often while it is not well, on a thread of
// its own, and tells `health`: OK; DEGRADED when it is only busy (RESOURCE_EXHAUSTED,
// DEADLINE_EXCEEDED: it still serves those it gets to); DOWN for any other error. The component
// must be registered; `health` and what `check` uses must outlive the watch. The destructor waits
// for a check under way, so a check needs a deadline.
class ComponentWatch {
 public:
  ComponentWatch(Health& health, std::string component, absl::Duration period,
                 std::function<absl::Status()> check);
  ~ComponentWatch();
  ComponentWatch(const ComponentWatch&) = delete;
  ComponentWatch& operator=(const ComponentWatch&) = delete;

 private:
  absl::Notification stop_;
  std::jthread thread_;
};

}  // namespace cityinfo::health
