#include "platform/redis/interrupt.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "absl/status/status.h"

namespace cityinfo::redis {

Interrupt::Interrupt() : fd(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
Interrupt::~Interrupt() { close(fd); }

void Interrupt::Wake() const {
  const uint64_t one = 1;
  (void)!write(fd, &one, sizeof(one));
}

void Interrupt::Raise() {
  raised = true;
  Wake();
}

absl::StatusOr<short> AwaitSocket(int socket, short events,  // NOLINT: poll's own type
                                  std::chrono::steady_clock::time_point deadline,
                                  const Interrupt& interrupt) {
  if (interrupt.raised) return absl::CancelledError("stopping");
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  std::array<pollfd, 2> fds = {pollfd{socket, events, 0}, pollfd{interrupt.fd, POLLIN, 0}};
  const int ready =
      poll(fds.data(), fds.size(), static_cast<int>(std::clamp<int64_t>(left.count(), 0, 1000)));
  if (ready < 0 && errno != EINTR) return absl::UnavailableError(std::strerror(errno));
  if (ready <= 0) return 0;
  if (fds[1].revents != 0) {
    uint64_t count;
    (void)!read(interrupt.fd, &count, sizeof(count));
  }
  if (interrupt.raised) return absl::CancelledError("stopping");
  return fds[0].revents;
}

}  // namespace cityinfo::redis
