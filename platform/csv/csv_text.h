#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cityinfo::csv {

// Appends a field as RFC 4180 writes it: in quotes where it holds a comma, a quote or a line end.
void AppendField(absl::string_view field, std::string* text);

// Appends one record of fields, ended by CRLF.
void AppendRecord(const std::vector<std::string>& fields, std::string* text);

}  // namespace cityinfo::csv
