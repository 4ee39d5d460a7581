#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"

namespace cityinfo::redis {

// One command on its way: made by the caller, owned by caller and I/O thread together, so that
// either may leave first.
struct Command {
  enum class Expected {
    kValue,     // a string or nil
    kStored,    // +OK
    kPong,      // +PONG
    kAnything,  // whoever sent it looks at the reply
  };

  Command(Expected expected, std::string wire)
      : expected(expected), wire(std::move(wire)), bytes(this->wire.size()) {}

  const Expected expected;
  std::string wire;    // given up to the socket's buffer when sent
  const size_t bytes;  // how much it counts against the bound
  std::chrono::steady_clock::time_point submitted = std::chrono::steady_clock::now();

  // Set by a caller that stopped waiting.
  std::atomic<bool> abandoned{false};

  // Written by the I/O thread before `done`, read by the caller after.
  absl::Status status;
  std::optional<std::string> value;
  absl::Notification done;
};

}  // namespace cityinfo::redis
