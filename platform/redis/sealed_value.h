#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::redis {

// A cached value travels with a fingerprint over its key and its bytes. What comes back is believed
// only when the seal fits: a value cut short, written by something else, stored under another key,
// or invented by a server that is no Redis is a miss, not an answer. It guards against accidents,
// not against someone who may write to Redis.
std::string Seal(absl::string_view key, absl::string_view value);

// The value inside, a view into `sealed`; nullopt when the seal does not fit.
std::optional<absl::string_view> Unseal(absl::string_view key, absl::string_view sealed);

}  // namespace cityinfo::redis
