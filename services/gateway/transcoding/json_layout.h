#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace cityinfo::gateway {

// What a writer of JSON must know of a message type, in the form in which it needs it: made once
// from the descriptor. Immutable and never freed, so any number of threads may use it.
struct JsonLayout {
  enum class Kind : unsigned char {
    kInt32,  // of any encoding: a number
    kUint32,
    kInt64,  // of any encoding: a number in quotes
    kUint64,
    kSint32,  // zigzag
    kSint64,
    kFixed32,
    kSfixed32,
    kFixed64,
    kSfixed64,
    kBool,
    kDouble,
    kEnum,
    kString,
    kMessage,
    kTimestamp,
  };

  struct Field {
    Kind kind = Kind::kInt32;
    bool repeated = false;
    // Left out when it is not on the wire: messages, `optional` fields, members of a oneof.
    bool presence = false;
    // When it is there, it stands behind everything else: `optional` fields, members of a oneof and
    // Timestamps, for which protobuf's printer keeps no place.
    bool late = false;
    std::string key;                 // "\"publishDate\":"
    std::vector<std::string> names;  // of enum values 0, 1, …, with quotes; empty where none is
    const JsonLayout* message = nullptr;
  };

  // In the order they are declared, which is that of the JSON.
  std::vector<Field> fields;
  // Index into `fields` by field number, -1 for none.
  std::vector<short> by_number;
  // False for what is left to protobuf's own printer: maps, bytes, floats, groups, the well-known
  // types with a JSON form of their own but Timestamp, and messages that hold one of these.
  bool supported = true;

  static constexpr size_t kMaxFields = 64;

  // Thread-safe; the first call for a type makes its layout.
  static const JsonLayout& Of(const google::protobuf::Descriptor* type);
};

}  // namespace cityinfo::gateway
