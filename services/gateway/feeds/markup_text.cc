#include "services/gateway/feeds/markup_text.h"

#include "platform/base/utf8.h"

namespace cityinfo::gateway {
namespace {

bool IsXmlCharacter(char32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF);
}

}  // namespace

void AppendMarkupText(absl::string_view text, std::string* out) {
  for (size_t position = 0; position < text.size();) {
    const char32_t c = base::DecodeCodePoint(text, &position);
    if (!IsXmlCharacter(c)) continue;
    switch (c) {
      case '&':
        *out += "&amp;";
        break;
      case '<':
        *out += "&lt;";
        break;
      case '>':
        *out += "&gt;";
        break;
      case '"':
        *out += "&quot;";
        break;
      case '\t':
        *out += "&#9;";
        break;
      case '\n':
        *out += "&#10;";
        break;
      case '\r':
        *out += "&#13;";
        break;
      default:
        base::AppendUtf8(c, out);
    }
  }
}

}  // namespace cityinfo::gateway
