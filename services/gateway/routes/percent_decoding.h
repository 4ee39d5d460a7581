#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// What '+' stands for: itself in a path, a space in a query.
enum class PlusSign { kLiteral, kSpace };

// Undoes percent-encoding. nullopt when an escape is not two hexadecimal digits or the result is
// not UTF-8 or holds a NUL.
std::optional<std::string> PercentDecode(absl::string_view text, PlusSign plus);

}  // namespace cityinfo::gateway
