#include "platform/rpc/target.h"

#include <arpa/inet.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "platform/base/host_port.h"

namespace cityinfo::rpc {
namespace {

constexpr char kDnsScheme[] = "dns:///";

absl::Status Must(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("must be ", what));
}

// AF_INET or AF_INET6; 0 for a name.
int FamilyOf(const std::string& host) {
  in6_addr address;
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, host.c_str(), &address) == 1) return family;
  }
  return 0;
}

}  // namespace

absl::StatusOr<Target> ParseTarget(absl::string_view text) {
  absl::string_view endpoints = text;
  const bool dns = absl::ConsumePrefix(&endpoints, kDnsScheme);
  const bool list = !dns && absl::StrContains(endpoints, ',');
  Target target;
  int family = 0;
  for (const absl::string_view part : absl::StrSplit(endpoints, list ? "," : "\n")) {
    const absl::StatusOr<base::HostPort> endpoint = base::ParseHostPort(part);
    if (!endpoint.ok() || endpoint->port == 0) {
      return Must("host:port, ip:port,ip:port or dns:///name:port, with ports from 1 to 65535");
    }
    if (!list) break;
    const int own = FamilyOf(endpoint->host);
    if (own == 0 || (family != 0 && own != family)) {
      return Must(
          "one name, or a list of addresses all of IPv4 or all of IPv6; several replicas behind "
          "one name are dns:///name:port");
    }
    family = own;
    target.addresses.push_back(endpoint->host);
  }
  const absl::string_view scheme = family == AF_INET    ? "ipv4:"
                                   : family == AF_INET6 ? "ipv6:"
                                                        : kDnsScheme;
  target.uri = absl::StrCat(scheme, endpoints);
  return target;
}

absl::Status CheckTarget(absl::string_view text) { return ParseTarget(text).status(); }

absl::Status CheckOptionalTarget(absl::string_view text) {
  return text.empty() ? absl::OkStatus() : CheckTarget(text);
}

}  // namespace cityinfo::rpc
