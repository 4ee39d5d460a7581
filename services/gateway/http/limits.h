#pragma once

#include <cstddef>

#include "absl/time/time.h"

namespace cityinfo::gateway {

// What one client, and all of them together, may use of the public port.
struct HttpLimits {
  // Request line and fields, with their line ends. Beyond: 431.
  size_t header_bytes = 16 << 10;
  // Fields of one request. Beyond: 431.
  size_t header_fields = 100;
  // The request target alone. Beyond: 414.
  size_t target_bytes = 8 << 10;
  // One decoded body. Beyond: 413.
  size_t body_bytes = 2'621'440;
  // Bodies held in memory at one time over all connections. Beyond: 503.
  size_t buffered_body_bytes = 256 << 20;
  // Open connections. Beyond: 503 and close.
  int connections = 4096;

  // From the first byte of a request to the end of its header. Beyond: 408.
  absl::Duration header_timeout = absl::Seconds(10);
  // From the end of the header to the end of the body. Beyond: 408.
  absl::Duration body_timeout = absl::Seconds(20);
  // For writing one answer, and a second more for every 32 KiB of it. Beyond: the connection is
  // dropped.
  absl::Duration write_timeout = absl::Seconds(20);
  // Between two requests of a connection. Beyond: closed without a word.
  absl::Duration idle_timeout = absl::Seconds(60);

  // A client whose request was refused half-way may still be sending. What it sends is read and
  // thrown away for this long and this much, so that it sees the answer instead of a reset.
  absl::Duration linger_timeout = absl::Seconds(5);
  size_t linger_bytes = 32 << 20;
};

}  // namespace cityinfo::gateway
