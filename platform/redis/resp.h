#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct redisReader;

namespace cityinfo::redis {

// One reply of Redis.
struct Reply {
  enum class Type { kString, kStatus, kError, kInteger, kNil, kArray };

  Type type = Type::kNil;
  std::string text;             // of a string, status or error
  int64_t integer = 0;          // of an integer
  std::vector<Reply> elements;  // of an array
};

// Arrays come from ROLE and from Sentinels only, and are small. A reply that announces more
// elements than this, inner arrays counted, is a broken protocol; nothing is allocated for the
// announcement.
inline constexpr int kMostArrayElements = 1024;

// A command as bytes on the wire.
std::string FormatCommand(std::span<const absl::string_view> parts);

// Splits a stream of bytes into replies; hiredis' parser in a C++ coat. Not thread-safe.
class ReplyParser {
 public:
  ReplyParser();
  ~ReplyParser();
  ReplyParser(const ReplyParser&) = delete;
  ReplyParser& operator=(const ReplyParser&) = delete;

  // Adds bytes as they came from the socket.
  void Feed(const char* bytes, size_t size);

  // The next whole reply; nullopt when more bytes are needed; DATA_LOSS when the bytes are no RESP,
  // after which the parser is of no further use.
  absl::StatusOr<std::optional<Reply>> Next();

  // Bytes held that do not make a whole reply yet.
  size_t buffered() const;

 private:
  struct FreeReader {
    void operator()(redisReader* reader) const;
  };
  int announced_ = 0;  // elements of the arrays in the reply being read
  std::unique_ptr<redisReader, FreeReader> reader_;
};

}  // namespace cityinfo::redis
