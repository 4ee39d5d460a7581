#pragma once

#include <string>
#include <string_view>

#include "absl/strings/string_view.h"

namespace cityinfo::articles {

// How folded texts are kept: the most common characters of Chinese text, lower-case letters and
// digits take one byte, other Chinese characters and most others two, which makes it a fifth
// smaller than UTF-16 and half as large as UTF-8. Any sequence of units can be packed.
std::string PackText(std::u16string_view text);

// Appends what was packed to `text`. Bytes that PackText does not give make some text, too.
void UnpackText(absl::string_view packed, std::u16string* text);

}  // namespace cityinfo::articles
