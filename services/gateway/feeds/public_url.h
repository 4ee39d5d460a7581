#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// For config::Options::Checked: where the public reaches the gateway, "https://city.example" or
// with a path that a proxy takes off. http or https, a host, no user, no '?' or '#', no slash at
// the end. May be empty: not known. The Host field of a request is never taken for it: an answer
// that caches share must not hold what one client wrote.
absl::Status CheckPublicUrl(absl::string_view url);

}  // namespace cityinfo::gateway
