#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::metrics {

// The code of the nation, the only one that keeps its trailing zeros.
inline constexpr char kNationCode[] = "100000";

// The short form of a division code (GB/T 2260 and its extension to towns and villages) of 2, 4, 6,
// 9 or 12 digits: "522600" -> "5226", "520000" -> "52", "522601105000" -> "522601105". Says nothing
// about whether such a place exists. The error (INVALID_ARGUMENT, no field) says what is wrong.
absl::StatusOr<std::string> NormalizePlaceCode(absl::string_view code);

}  // namespace cityinfo::metrics
