#include "platform/base/json_text.h"

#include "absl/strings/str_format.h"
#include "platform/base/utf8.h"

namespace cityinfo::base {

void AppendJsonString(absl::string_view text, std::string* json) {
  json->push_back('"');
  for (size_t at = 0; at < text.size();) {
    const char32_t code_point = DecodeCodePoint(text, &at);
    switch (code_point) {
      case '"':
        json->append("\\\"");
        break;
      case '\\':
        json->append("\\\\");
        break;
      case '\n':
        json->append("\\n");
        break;
      case '\r':
        json->append("\\r");
        break;
      case '\t':
        json->append("\\t");
        break;
      default:
        if (code_point < 0x20 || code_point == 0x7f) {
          absl::StrAppendFormat(json, "\\u%04x", static_cast<unsigned>(code_point));
        } else {
          AppendUtf8(code_point, json);
        }
    }
  }
  json->push_back('"');
}

}  // namespace cityinfo::base
