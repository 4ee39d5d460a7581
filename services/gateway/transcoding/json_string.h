#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// Appends `text` as a JSON string with its quotes, escaped exactly as protobuf's own JSON printer
// does it: besides what JSON asks for also '<', '>' and the characters nobody sees, such as
// U+2028 and U+200B. False when the text is not UTF-8; then `out` ends with half of it.
bool AppendJsonString(absl::string_view text, std::string* out);

}  // namespace cityinfo::gateway
