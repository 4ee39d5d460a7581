#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::base {

// SHA-256 as 64 lower-case hexadecimal digits.
std::string Sha256Hex(absl::string_view bytes);

// A fast 64-bit hash that is the same in every run, build and machine, so it may be stored and put
// in keys and tokens. Not for adversaries: whoever chooses the input can make two collide.
uint64_t Fingerprint64(absl::string_view bytes);

}  // namespace cityinfo::base
