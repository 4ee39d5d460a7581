#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct redisReader;

namespace cityinfo::redis {

// One reply of Redis. Arrays are not among them: no command of ours is answered by one, so an array
// is a broken protocol.
struct Reply {
  enum class Type { kString, kStatus, kError, kInteger, kNil };

  Type type = Type::kNil;
  std::string text;     // of a string, status or error
  int64_t integer = 0;  // of an integer
};

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
  std::unique_ptr<redisReader, FreeReader> reader_;
};

}  // namespace cityinfo::redis
