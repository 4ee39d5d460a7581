#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// Whether a Content-Type is one that JSON lines are sent as: application/x-ndjson,
// application/jsonl or application/json; parameters (charset) do not matter.
bool IsJsonLinesType(absl::string_view content_type);

// The lines of a body, one by one, without their ends (LF or CRLF). Blank ones are passed over, but
// counted. Looks at nothing else: whether a line is JSON is the reader's question.
class JsonLines {
 public:
  // `body` must outlive it.
  explicit JsonLines(absl::string_view body) : rest_(body) {}

  struct Line {
    int64_t number = 0;  // from 1
    absl::string_view text;
  };
  // nullopt after the last.
  std::optional<Line> Next();

 private:
  absl::string_view rest_;
  int64_t number_ = 0;
};

}  // namespace cityinfo::gateway
