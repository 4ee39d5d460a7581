#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::base {

// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD, so the
// result is always valid JSON.
void AppendJsonString(absl::string_view text, std::string* json);

}  // namespace cityinfo::base
