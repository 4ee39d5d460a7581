#pragma once

#include <functional>

#include "absl/time/time.h"

namespace cityinfo::testing {

// Asks `condition` again and again, every few milliseconds, until it is true or `bound` has passed;
// returns the last answer. The way to wait for another process or thread:
//   ASSERT_TRUE(WaitUntil([&] { return store.Count() == 3; }));
bool WaitUntil(const std::function<bool()>& condition, absl::Duration bound = absl::Seconds(10));

}  // namespace cityinfo::testing
