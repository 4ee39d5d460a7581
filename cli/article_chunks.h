// A file of articles, a JSON object to a line, in pieces that fit into one request each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace cityinfo::cli {

// What one request to /v1/articles:import carries at most. The gateway takes bodies of 2.5 MiB.
inline constexpr size_t kMaxChunkLines = 500;
inline constexpr size_t kMaxChunkBytes = 2'400'000;

struct ArticleChunk {
  // JSON lines, an ImportArticlesRequest each.
  std::string body;
  // Which line of the file each of them is, from 1.
  std::vector<int64_t> lines;
  // Lines of the file that are no article at all and were left out.
  struct Refused {
    int64_t line = 0;
    absl::Status why;
  };
  std::vector<Refused> refused;
};

// Reads as it is asked, so that a file may be of any size: what is held is a chunk. Not
// thread-safe.
class ArticleChunks {
 public:
  struct Options {
    bool publish = false;
    bool validate_only = false;
  };

  // `in` must outlive it.
  ArticleChunks(std::istream& in, const Options& options);

  // False at the end. A line is refused when it is over kMaxChunkBytes (TEXT_TOO_LARGE), not a JSON
  // object (INVALID_JSON) or has a publish date that is none (INVALID_DATE); "2021-12-20" and the
  // API's {"year": 2021, "month": 12, "day": 20} both are. Blank lines are passed over but counted.
  bool Next(ArticleChunk* chunk);

  // Of the file, so far.
  int64_t lines_read() const { return line_; }
  int64_t bytes_read() const { return bytes_read_; }

 private:
  // The next line of the file, at most kMaxChunkBytes of it; false at the end.
  bool ReadLine();
  // line_text_ as the line of a request.
  absl::StatusOr<std::string> RequestLine() const;

  std::istream& in_;
  const std::string prefix_;
  std::string line_text_;
  bool line_too_long_ = false;
  int64_t line_ = 0;
  int64_t bytes_read_ = 0;
  // A request line that did not fit into the chunk before.
  std::string left_over_;
};

}  // namespace cityinfo::cli
