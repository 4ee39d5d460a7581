#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "platform/base/host_port.h"

namespace cityinfo::redis {

// Where Redis is: one server, or Sentinels that know which of several servers is the master now.
struct Address {
  base::HostPort server;                  // when there are no Sentinels
  std::vector<base::HostPort> sentinels;  // asked in turn
  std::string master_name;                // what the Sentinels call the master

  static Address Server(std::string host, int port) {
    return {.server = {.host = std::move(host), .port = port}};
  }
  bool has_sentinels() const { return !sentinels.empty(); }

  friend bool operator==(const Address&, const Address&) = default;
};

// Reads "redis:6379", or "sentinel://s1:26379,s2:26379,s3:26379/master-name" with at most 16
// Sentinels. INVALID_ARGUMENT (INVALID_ADDRESS) on `field`, naming the part that is wrong.
absl::StatusOr<Address> ParseAddress(absl::string_view text, absl::string_view field = "address");

// The same text again.
std::string FormatAddress(const Address& address);

// "host:port"; an IPv6 host in brackets.
std::string FormatServer(const base::HostPort& server);

}  // namespace cityinfo::redis
