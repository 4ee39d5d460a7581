#pragma once

#include <string_view>

#include "absl/strings/string_view.h"

// Debian builds Abseil with its own string_view, so it and std::string_view do not convert into
// each other. Our signatures take absl::string_view; these two cross the border where the standard
// library or another library wants std::string_view. Neither copies: the result points into the
// same bytes.
namespace cityinfo::base {

inline std::string_view ToStd(absl::string_view text) { return {text.data(), text.size()}; }
inline absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace cityinfo::base
