#include "platform/redis/address.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"

namespace cityinfo::redis {
namespace {

constexpr absl::string_view kSentinelScheme = "sentinel://";
constexpr size_t kMostSentinels = 16;

absl::Status Wrong(absl::string_view field, absl::string_view why) {
  return base::InvalidArgument(field, why, "INVALID_ADDRESS");
}

// A host and a port that can be connected to.
absl::StatusOr<base::HostPort> ParseServer(absl::string_view text, absl::string_view field) {
  absl::StatusOr<base::HostPort> server = base::ParseHostPort(text, field);
  if (!server.ok() || server->port == 0) {
    return Wrong(field,
                 absl::StrCat("\"", text, "\" must be host:port, with a port from 1 to 65535"));
  }
  return server;
}

bool IsMasterName(absl::string_view name) {
  // What Sentinel's own configuration accepts.
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
  });
}

}  // namespace

absl::StatusOr<Address> ParseAddress(absl::string_view text, absl::string_view field) {
  Address address;
  absl::string_view rest = text;
  if (!absl::ConsumePrefix(&rest, kSentinelScheme)) {
    if (absl::StrContains(text, "://")) {
      return Wrong(field, "must be host:port or sentinel://host:port,host:port/master-name");
    }
    absl::StatusOr<base::HostPort> server = ParseServer(text, field);
    if (!server.ok()) return server.status();
    address.server = *std::move(server);
    return address;
  }
  const size_t slash = rest.find('/');
  if (slash == absl::string_view::npos || !IsMasterName(rest.substr(slash + 1))) {
    return Wrong(field,
                 "must end in /master-name, of letters, digits, dots, hyphens and underscores");
  }
  address.master_name = std::string(rest.substr(slash + 1));
  for (absl::string_view part : absl::StrSplit(rest.substr(0, slash), ',')) {
    absl::StatusOr<base::HostPort> sentinel = ParseServer(part, field);
    if (!sentinel.ok()) return sentinel.status();
    address.sentinels.push_back(*std::move(sentinel));
  }
  if (address.sentinels.size() > kMostSentinels) {
    return Wrong(field, absl::StrCat("names ", address.sentinels.size(), " Sentinels; at most ",
                                     kMostSentinels));
  }
  return address;
}

std::string FormatServer(const base::HostPort& server) {
  const bool v6 = absl::StrContains(server.host, ':');
  return absl::StrCat(v6 ? "[" : "", server.host, v6 ? "]:" : ":", server.port);
}

std::string FormatAddress(const Address& address) {
  if (!address.has_sentinels()) return FormatServer(address.server);
  return absl::StrCat(kSentinelScheme,
                      absl::StrJoin(address.sentinels, ",",
                                    [](std::string* out, const base::HostPort& sentinel) {
                                      absl::StrAppend(out, FormatServer(sentinel));
                                    }),
                      "/", address.master_name);
}

}  // namespace cityinfo::redis
