#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// Writes one record of RFC 4180: comma-separated fields, CRLF at the end; a field that holds a
// comma, a quotation mark or a line break stands in quotation marks.
class CsvRow {
 public:
  // Appends to `out`, which must outlive the row.
  explicit CsvRow(std::string& out) : out_(out) {}

  // As it is: codes, numbers, dates, what this house makes.
  CsvRow& Add(absl::string_view field);
  // What somebody else wrote. A spreadsheet would run a text that begins like a formula (=, +, -,
  // @, a tab or a line break, also full-width), so it gets an apostrophe in front, which
  // spreadsheets take for "this is text". A plain number or percentage ("-5.2%") is none and stays.
  CsvRow& AddText(absl::string_view field);
  void End();

 private:
  std::string& out_;
  bool first_ = true;
};

// Whether a spreadsheet could take the text for a formula.
bool LooksLikeFormula(absl::string_view text);

}  // namespace cityinfo::gateway
