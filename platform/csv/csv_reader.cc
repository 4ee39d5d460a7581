#include "platform/csv/csv_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/base/utf8.h"

namespace cityinfo::csv {
namespace {

constexpr unsigned char kMark[] = {0xEF, 0xBB, 0xBF};

}  // namespace

Reader::Reader(absl::string_view text, const Limits& limits)
    : Reader([text]() mutable { return std::exchange(text, absl::string_view()); }, limits) {}

int Reader::Peek() {
  if (piece_.empty() && !ended_) {
    piece_ = next_piece_();
    ended_ = piece_.empty();
  }
  return piece_.empty() ? -1 : static_cast<unsigned char>(piece_.front());
}

int Reader::Take() {
  const int c = Peek();
  if (c >= 0) piece_.remove_prefix(1);
  if (c == '\n') ++line_;
  return c;
}

// A mark cut into pieces is none of a file's: it stays and makes the first name unknown.
void Reader::SkipMark() {
  begun_ = true;
  if (Peek() == kMark[0] && piece_.size() >= 3 &&
      std::equal(std::begin(kMark), std::end(kMark), piece_.begin(),
                 [](unsigned char a, char b) { return a == static_cast<unsigned char>(b); })) {
    piece_.remove_prefix(3);
  }
}

absl::Status Reader::Error(std::int64_t line, absl::string_view what,
                           absl::string_view reason) const {
  return base::MakeError(absl::StatusCode::kInvalidArgument, reason,
                         absl::StrCat("line ", line, ": ", what));
}

absl::Status Reader::Append(int c, std::string* field) {
  if (field->size() == limits_.field_bytes) {
    return Error(line_, absl::StrCat("a field is longer than ", limits_.field_bytes, " bytes"),
                 "CSV_LIMIT");
  }
  field->push_back(static_cast<char>(c));
  return absl::OkStatus();
}

// What a byte, already taken, ends.
absl::StatusOr<Reader::End> Reader::EndOf(int c) {
  if (c == ',') return End::kField;
  if (c < 0) return End::kText;
  if (c == '\r') {
    if (Peek() == '\n') {
      Take();
    } else {
      ++line_;
    }
  }
  return End::kRecord;
}

absl::Status Reader::ReadQuoted(std::string* field) {
  const std::int64_t opened = line_;
  for (;;) {
    const int c = Take();
    if (c < 0) return Error(opened, "the quote that opens here is never closed", "MALFORMED_CSV");
    if (c != '"') {
      CITY_RETURN_IF_ERROR(Append(c, field));
    } else if (Peek() == '"') {
      CITY_RETURN_IF_ERROR(Append(Take(), field));
    } else {
      return absl::OkStatus();
    }
  }
}

absl::StatusOr<Reader::End> Reader::ReadField(std::string* field) {
  field->clear();
  const bool quoted = Peek() == '"';
  if (quoted) {
    Take();
    CITY_RETURN_IF_ERROR(ReadQuoted(field));
  }
  for (;;) {
    const std::int64_t line = line_;
    const int c = Take();
    if (c < 0 || c == ',' || c == '\n' || c == '\r') return EndOf(c);
    if (quoted) return Error(line, "text stands behind a closing quote", "MALFORMED_CSV");
    if (c == '"') {
      return Error(line, "a quote stands inside a field that is not quoted", "MALFORMED_CSV");
    }
    CITY_RETURN_IF_ERROR(Append(c, field));
  }
}

absl::StatusOr<bool> Reader::Next(Record* record) {
  CITY_RETURN_IF_ERROR(broken_);
  if (!begun_) SkipMark();
  const auto read = [&]() -> absl::StatusOr<bool> {
    for (;;) {
      if (Peek() < 0) return false;
      record->line = line_;
      record->fields.clear();
      End end = End::kField;
      bool blank = true;
      while (end == End::kField) {
        if (record->fields.size() == limits_.fields) {
          return Error(record->line, absl::StrCat("has more than ", limits_.fields, " fields"),
                       "CSV_LIMIT");
        }
        const std::int64_t line = line_;
        std::string& field = record->fields.emplace_back();
        CITY_ASSIGN_OR_RETURN(end, ReadField(&field));
        if (!base::IsValidUtf8(field)) {
          return Error(line,
                       "is not UTF-8; if the file is GBK, convert it: iconv -f GBK -t UTF-8 FILE",
                       "TEXT_NOT_UTF8");
        }
        blank = blank && field.empty();
      }
      if (!blank) return true;
    }
  };
  absl::StatusOr<bool> more = read();
  if (!more.ok()) broken_ = more.status();
  return more;
}

}  // namespace cityinfo::csv
