#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::auth {

// Undoes base64url as JOSE writes it (RFC 7515 §2): without padding, and only the one form each
// value has. Nothing for any other text: padding, white space, the other alphabet, left-over bits.
std::optional<std::string> DecodeBase64Url(absl::string_view text);

}  // namespace cityinfo::auth
