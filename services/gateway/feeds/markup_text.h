#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// Appends text as character data, or as a value in double quotes, of XML 1.0 and of HTML. What XML
// 1.0 does not know even as an escape (most control characters, U+FFFE, U+FFFF) is left out; bytes
// that are not UTF-8 become U+FFFD; line breaks and tabs survive a parser's clean-up.
void AppendMarkupText(absl::string_view text, std::string* out);

}  // namespace cityinfo::gateway
