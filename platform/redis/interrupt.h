#pragma once

#include <atomic>
#include <chrono>

#include "absl/status/statusor.h"

namespace cityinfo::redis {

// Lets the thread that owns the client wake the I/O thread out of any wait: with a new command, or,
// with `raised`, to end. `fd` is an eventfd, not blocking.
struct Interrupt {
  int fd = -1;
  std::atomic<bool> raised{false};

  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // Ends the wait under way, or the next one. From any thread.
  void Wake() const;
  // Wakes, and makes every wait from now on end with CANCELLED.
  void Raise();
};

// Waits until `socket` is ready for one of `events` (poll's), somebody wakes us, or `deadline`
// passes, but never longer than a second. The events that are ready, 0 for none of them; CANCELLED
// when the interrupt is raised. A `socket` of -1 waits for the interrupt alone.
absl::StatusOr<short> AwaitSocket(int socket, short events,  // NOLINT: poll's own type
                                  std::chrono::steady_clock::time_point deadline,
                                  const Interrupt& interrupt);

}  // namespace cityinfo::redis
