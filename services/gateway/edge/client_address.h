#pragma once

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/gateway/http/message.h"

namespace cityinfo::gateway {

// The proxies in front of the gateway, whose word about a client's address is believed. Immutable.
class TrustedProxies {
 public:
  // Nobody: the peer is the client.
  TrustedProxies() = default;

  // "10.0.0.0/8,fd00::/8,192.0.2.7": networks and addresses, separated by commas; empty is nobody.
  // INVALID_ARGUMENT names the part that is none.
  static absl::StatusOr<TrustedProxies> Parse(absl::string_view text);

  bool Trusts(absl::string_view address) const;

 private:
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

// The address of the client a request comes from. Proxies append the address they were spoken to
// from to X-Forwarded-For, so it is read from its end: the first one that is no trusted proxy is
// the client, and what stands before it is hearsay. The peer itself unless it is a trusted proxy; a
// proxy that says nothing readable is taken for the client.
std::string ClientAddress(const RequestHead& head, const std::string& peer,
                          const TrustedProxies& proxies);

// Whose requests are counted together: an IPv4 address, or the /64 network of an IPv6 one, which is
// what one subscriber gets.
std::string RateLimitGroup(absl::string_view address);

}  // namespace cityinfo::gateway
