#include "platform/auth/base64url.h"

#include "absl/strings/escaping.h"

namespace cityinfo::auth {

std::optional<std::string> DecodeBase64Url(absl::string_view text) {
  std::string bytes;
  // Abseil reads more leniently than JOSE allows: what it read must be written the same way again.
  if (!absl::WebSafeBase64Unescape(text, &bytes) || absl::WebSafeBase64Escape(bytes) != text) {
    return std::nullopt;
  }
  return bytes;
}

}  // namespace cityinfo::auth
