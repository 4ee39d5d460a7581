#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::csv {

// One record of a table.
struct Record {
  std::int64_t line = 0;  // of the text, from 1, on which it begins
  std::vector<std::string> fields;
};

// Reads comma-separated values as RFC 4180 has them, record by record, in UTF-8 with or without a
// byte order mark. Lines end with LF, CRLF or CR; a quoted field may hold commas, line ends and
// quotes written twice. Records of which every field is empty, as spreadsheets leave them behind,
// are passed over. Holds one record. Not thread-safe.
class Reader {
 public:
  struct Limits {
    size_t fields = 1000;
    size_t field_bytes = 64 << 10;
  };

  // The next piece of the text; empty at its end. A view holds until the next call.
  using NextPiece = std::function<absl::string_view()>;

  explicit Reader(NextPiece next_piece) : Reader(std::move(next_piece), Limits()) {}
  Reader(NextPiece next_piece, const Limits& limits)
      : next_piece_(std::move(next_piece)), limits_(limits) {}
  // Over a text that lies in memory and outlives it.
  explicit Reader(absl::string_view text) : Reader(text, Limits()) {}
  Reader(absl::string_view text, const Limits& limits);

  // False at the end. INVALID_ARGUMENT that names the line, after which nothing can be read any
  // more: a quote where none may stand or that is never closed (MALFORMED_CSV), bytes that are no
  // UTF-8 (TEXT_NOT_UTF8, with a hint at GBK), a limit (CSV_LIMIT).
  absl::StatusOr<bool> Next(Record* record);

 private:
  // The next byte; -1 at the end.
  int Take();
  int Peek();
  void SkipMark();
  // Reads one field and says what ended it.
  enum class End { kField, kRecord, kText };
  absl::StatusOr<End> ReadField(std::string* field);
  absl::Status ReadQuoted(std::string* field);
  absl::StatusOr<End> EndOf(int c);
  absl::Status Append(int c, std::string* field);
  absl::Status Error(std::int64_t line, absl::string_view what, absl::string_view reason) const;

  NextPiece next_piece_;
  const Limits limits_;
  absl::string_view piece_;
  bool begun_ = false;
  bool ended_ = false;
  std::int64_t line_ = 1;
  absl::Status broken_;
};

}  // namespace cityinfo::csv
