#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// Reads JSON text (RFC 8259) piece by piece and strictly: no comments, no trailing commas, no
// single quotes, no byte order mark, no lone surrogates, UTF-8 only, bounded depth. The first
// mistake is kept, with its place, and from then on every call fails.
//
//   if (!reader.BeginObject()) return reader.error();
//   std::string key;
//   while (reader.NextMember(&key)) { …read one value… }
//   if (!reader.ok()) return reader.error();
class JsonReader {
 public:
  // `text` must outlive the reader. Its first line has the number `first_line`.
  explicit JsonReader(absl::string_view text, int64_t first_line = 1);

  enum class Kind { kObject, kArray, kString, kNumber, kTrue, kFalse, kNull, kNothing };
  // What comes next; kNothing at the end and where no value begins.
  Kind Peek();

  bool BeginObject();
  // Reads the next key and its colon; false after the last member and on a mistake.
  bool NextMember(std::string* key);
  bool BeginArray();
  // False after the last element and on a mistake.
  bool NextElement();

  bool ReadString(std::string* value);
  // The number as it is written.
  bool ReadNumber(absl::string_view* value);
  // true, false, null.
  bool ReadLiteral();
  // Nothing but white space is left.
  bool Finish();

  bool ok() const { return error_.empty(); }
  // "expected a colon after the key (line 2, column 7)".
  const std::string& error() const { return error_; }
  // "line 2, column 7" of the value that Peek saw last; columns count characters from 1.
  std::string Where() const { return PlaceOf(value_start_); }

 private:
  bool Fail(absl::string_view problem);
  std::string PlaceOf(size_t offset) const;
  void SkipSpace();
  bool Consume(char c);
  // Shared by objects and arrays: steps over the comma before all but the first. False at the end.
  bool NextItem(char end);
  bool ReadEscape(std::string* value);
  bool ReadUnicodeEscape(std::string* value);
  bool ReadHex(char32_t* unit);
  size_t SkipDigits();

  const absl::string_view text_;
  const int64_t first_line_;
  size_t position_ = 0;
  size_t value_start_ = 0;
  // One entry per open object or array: whether it has had no item yet.
  std::vector<bool> first_item_;
  std::string error_;
};

}  // namespace cityinfo::gateway
