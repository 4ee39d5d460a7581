#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::base {

// Where to listen or to connect: "127.0.0.1:50051", "redis:6379", "[::1]:0".
struct HostPort {
  std::string host;  // without the brackets of an IPv6 address
  int port = 0;      // 0 to 65535

  friend bool operator==(const HostPort&, const HostPort&) = default;
};

// INVALID_ARGUMENT (INVALID_ADDRESS) on `field` unless there is a host, a colon and a port.
absl::StatusOr<HostPort> ParseHostPort(absl::string_view text, absl::string_view field = "address");

}  // namespace cityinfo::base
