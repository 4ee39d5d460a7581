#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::rpc {

// Where the replicas of a service are, as operators write it:
//   host:port               one name or address; every address the name has is used
//   dns:///name:port        the same, spelled as gRPC does
//   ip:port,ip:port         several addresses, all of IPv4 or all of IPv6
struct Target {
  std::string uri;                     // as gRPC takes it: "dns:///articles:50051"
  std::vector<std::string> addresses;  // of a list, without ports; else empty
};

// INVALID_ARGUMENT saying what the text must be.
absl::StatusOr<Target> ParseTarget(absl::string_view text);

// For config::Options::Checked.
absl::Status CheckTarget(absl::string_view text);
absl::Status CheckOptionalTarget(absl::string_view text);  // may be empty

}  // namespace cityinfo::rpc
