#include "services/gateway/edge/client_address.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"

namespace cityinfo::gateway {
namespace {

namespace ip = boost::asio::ip;

// An IPv4 address that came over an IPv6 socket is the IPv4 address.
std::optional<ip::address> ReadAddress(absl::string_view text) {
  boost::system::error_code error;
  const ip::address address = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  }
  return address;
}

// What proxies write: "192.0.2.7", "192.0.2.7:4711", "2001:db8::1", "[2001:db8::1]:4711".
std::optional<ip::address> ReadHop(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (absl::StartsWith(text, "[")) {
    const size_t end = text.find(']');
    return end == absl::string_view::npos ? std::nullopt : ReadAddress(text.substr(1, end - 1));
  }
  if (std::count(text.begin(), text.end(), ':') == 1) text = text.substr(0, text.find(':'));
  return ReadAddress(text);
}

template <typename Network, typename Address>
bool Holds(const Network& network, const Address& address) {
  return network.canonical() == Network(address, network.prefix_length()).canonical();
}

}  // namespace

absl::StatusOr<TrustedProxies> TrustedProxies::Parse(absl::string_view text) {
  TrustedProxies proxies;
  for (absl::string_view part : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    part = absl::StripAsciiWhitespace(part);
    boost::system::error_code error;
    const bool whole = !absl::StrContains(part, '/');
    if (absl::StrContains(part, ':')) {
      const std::string network = whole ? absl::StrCat(part, "/128") : std::string(part);
      proxies.v6_.push_back(ip::make_network_v6(network, error));
    } else {
      const std::string network = whole ? absl::StrCat(part, "/32") : std::string(part);
      proxies.v4_.push_back(ip::make_network_v4(network, error));
    }
    if (error) {
      return base::InvalidArgument("trusted-proxies",
                                   absl::StrCat("\"", part, "\" is no network, like 10.0.0.0/8"));
    }
  }
  return proxies;
}

bool TrustedProxies::Trusts(absl::string_view text) const {
  const std::optional<ip::address> address = ReadAddress(text);
  if (!address.has_value()) return false;
  if (address->is_v4()) {
    return std::any_of(v4_.begin(), v4_.end(), [&](const ip::network_v4& network) {
      return Holds(network, address->to_v4());
    });
  }
  return std::any_of(v6_.begin(), v6_.end(), [&](const ip::network_v6& network) {
    return Holds(network, address->to_v6());
  });
}

std::string ClientAddress(const RequestHead& head, const std::string& peer,
                          const TrustedProxies& proxies) {
  if (!proxies.Trusts(peer)) return peer;
  // Several fields are one list.
  std::vector<absl::string_view> hops;
  for (const HttpField& field : head.fields) {
    if (field.name != "x-forwarded-for") continue;
    for (const absl::string_view hop : absl::StrSplit(field.value, ',')) hops.push_back(hop);
  }
  std::string client = peer;
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    const std::optional<ip::address> address = ReadHop(*hop);
    if (!address.has_value()) return client;
    client = address->to_string();
    if (!proxies.Trusts(client)) return client;
  }
  return client;
}

std::string RateLimitGroup(absl::string_view text) {
  const std::optional<ip::address> address = ReadAddress(text);
  if (!address.has_value()) return std::string(text);
  if (address->is_v4()) return address->to_string();
  return ip::network_v6(address->to_v6(), 64).canonical().to_string();
}

}  // namespace cityinfo::gateway
