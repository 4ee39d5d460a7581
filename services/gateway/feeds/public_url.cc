#include "services/gateway/feeds/public_url.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"

namespace cityinfo::gateway {

absl::Status CheckPublicUrl(absl::string_view url) {
  if (url.empty()) return absl::OkStatus();
  absl::string_view rest = url;
  const bool has_scheme =
      absl::ConsumePrefix(&rest, "https://") || absl::ConsumePrefix(&rest, "http://");
  const absl::string_view host = rest.substr(0, rest.find('/'));
  bool plain = true;
  for (const char c : rest) {
    plain = plain && (absl::ascii_isalnum(c) || absl::StrContains("-._~:/[]%", c));
  }
  if (has_scheme && !host.empty() && host.front() != ':' && plain && !absl::EndsWith(rest, "/")) {
    return absl::OkStatus();
  }
  return base::InvalidArgument(
      "url",
      "must be such as https://city.example: http or https, a host, no user, query or fragment, "
      "and no slash at the end");
}

}  // namespace cityinfo::gateway
