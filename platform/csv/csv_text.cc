#include "platform/csv/csv_text.h"

namespace cityinfo::csv {

void AppendField(absl::string_view field, std::string* text) {
  if (field.find_first_of(",\"\r\n") == absl::string_view::npos) {
    text->append(field.data(), field.size());
    return;
  }
  text->push_back('"');
  for (const char c : field) {
    if (c == '"') text->push_back('"');
    text->push_back(c);
  }
  text->push_back('"');
}

void AppendRecord(const std::vector<std::string>& fields, std::string* text) {
  bool first = true;
  for (const std::string& field : fields) {
    if (!first) text->push_back(',');
    first = false;
    AppendField(field, text);
  }
  *text += "\r\n";
}

}  // namespace cityinfo::csv
