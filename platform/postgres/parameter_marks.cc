#include "platform/postgres/parameter_marks.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace cityinfo::postgres {
namespace {

size_t AfterQuote(absl::string_view sql, size_t at, bool backslash_escapes) {
  const char quote = sql[at++];
  while (at < sql.size() && sql[at] != quote) {
    at += backslash_escapes && sql[at] == '\\' ? 2 : 1;
  }
  return std::min(at + 1, sql.size());  // a doubled quote reads as two literals side by side
}

// Comments nest.
size_t AfterBlockComment(absl::string_view sql, size_t at) {
  int depth = 0;
  while (at < sql.size()) {
    const absl::string_view pair = sql.substr(at, 2);
    if (pair == "/*") ++depth;
    if (pair == "*/") --depth;
    at += pair == "/*" || pair == "*/" ? 2 : 1;
    if (depth == 0) break;
  }
  return at;
}

size_t After(absl::string_view sql, absl::string_view end, size_t from) {
  const size_t found = sql.find(end, from);
  return found == absl::string_view::npos ? sql.size() : found + end.size();
}

bool IsNameCharacter(char c) { return absl::ascii_isalnum(c) || c == '_'; }

// $tag$ … $tag$; a lone $ is passed over.
size_t AfterDollarQuote(absl::string_view sql, size_t at) {
  size_t end = at + 1;
  while (end < sql.size() && IsNameCharacter(sql[end])) ++end;
  if (end >= sql.size() || sql[end] != '$') return at + 1;
  const absl::string_view tag = sql.substr(at, end + 1 - at);
  return After(sql, tag, end + 1);
}

// Where what begins at `at` ends: a literal, a quoted name, a comment, or one character.
size_t EndOfToken(absl::string_view sql, size_t at) {
  const absl::string_view rest = sql.substr(at);
  if (rest[0] == '\'') {
    const bool escapes = at > 0 && (sql[at - 1] == 'E' || sql[at - 1] == 'e') &&
                         (at < 2 || !IsNameCharacter(sql[at - 2]));
    return AfterQuote(sql, at, escapes);
  }
  if (rest[0] == '"') return AfterQuote(sql, at, /*backslash_escapes=*/false);
  if (absl::StartsWith(rest, "--")) return After(sql, "\n", at);
  if (absl::StartsWith(rest, "/*")) return AfterBlockComment(sql, at);
  if (rest[0] == '$') return AfterDollarQuote(sql, at);
  return at + 1;
}

}  // namespace

NumberedSql NumberParameters(absl::string_view sql) {
  NumberedSql result;
  for (size_t at = 0; at < sql.size();) {
    if (sql[at] != '?') {
      const size_t end = EndOfToken(sql, at);
      absl::StrAppend(&result.text, sql.substr(at, end - at));
      at = end;
      continue;
    }
    int number = 0;
    for (++at; at < sql.size() && absl::ascii_isdigit(sql[at]) && number < 100'000; ++at) {
      number = number * 10 + (sql[at] - '0');
    }
    if (number == 0) number = result.parameters + 1;
    result.parameters = std::max(result.parameters, number);
    absl::StrAppend(&result.text, "$", number);
  }
  return result;
}

}  // namespace cityinfo::postgres
