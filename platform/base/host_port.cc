#include "platform/base/host_port.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"

namespace cityinfo::base {

absl::StatusOr<HostPort> ParseHostPort(absl::string_view text, absl::string_view field) {
  const absl::Status wrong = InvalidArgument(
      field, "must be host:port, with a port between 0 and 65535", "INVALID_ADDRESS");
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return wrong;
  absl::string_view host = text.substr(0, colon);
  const absl::string_view digits = text.substr(colon + 1);
  const bool bracketed = absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
  if (host.empty() || absl::StrContains(host, '[') ||
      (!bracketed && absl::StrContains(host, ':'))) {
    return wrong;
  }
  HostPort address{.host = std::string(host)};
  const bool number = !digits.empty() && digits.size() <= 5 &&
                      std::all_of(digits.begin(), digits.end(), [](char c) {
                        return absl::ascii_isdigit(static_cast<unsigned char>(c));
                      });
  if (!number || !absl::SimpleAtoi(digits, &address.port) || address.port > 65535) return wrong;
  return address;
}

}  // namespace cityinfo::base
