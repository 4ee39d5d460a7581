#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "platform/base/clock.h"

namespace cityinfo::base {

// A new identifier: 20 characters of [0-9a-z] without i, l, o, u. The first nine are the time in
// milliseconds, so ids sort by creation; the other eleven are 55 bits from the kernel's random
// source, so nobody can guess one. Thread-safe.
std::string NewId(const Clock& clock = SystemClock());

// Whether `id` has the form NewId gives.
bool IsId(absl::string_view id);

}  // namespace cityinfo::base
