#include "services/gateway/tables/csv_row.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace cityinfo::gateway {
namespace {

// [+-] digits [. digits] [%]
bool IsPlainNumber(absl::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (absl::EndsWith(text, "%")) text.remove_suffix(1);
  if (text.empty() || !absl::ascii_isdigit(text.front()) || !absl::ascii_isdigit(text.back())) {
    return false;
  }
  int points = 0;
  for (const char c : text) {
    if (c == '.') ++points;
    if (c != '.' && !absl::ascii_isdigit(c)) return false;
  }
  return points <= 1;
}

}  // namespace

bool LooksLikeFormula(absl::string_view text) {
  for (const absl::string_view start :
       {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}) {
    if (absl::StartsWith(text, start)) return !IsPlainNumber(text);
  }
  return false;
}

CsvRow& CsvRow::Add(absl::string_view field) {
  if (!first_) out_ += ',';
  first_ = false;
  if (field.find_first_of(",\"\r\n") == absl::string_view::npos) {
    absl::StrAppend(&out_, field);
  } else {
    absl::StrAppend(&out_, "\"", absl::StrReplaceAll(field, {{"\"", "\"\""}}), "\"");
  }
  return *this;
}

CsvRow& CsvRow::AddText(absl::string_view field) {
  return LooksLikeFormula(field) ? Add(absl::StrCat("'", field)) : Add(field);
}

void CsvRow::End() { out_ += "\r\n"; }

}  // namespace cityinfo::gateway
