#pragma once

#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// One field of protobuf's wire format: number, and value as bits or as bytes.
struct WireField {
  enum Type : unsigned char { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

  uint32_t number = 0;
  Type type = kVarint;
  uint64_t bits = 0;        // of numbers
  absl::string_view bytes;  // of kBytes
};

// Reads protobuf's wire format field by field. Points into the bytes it was given.
class WireReader {
 public:
  explicit WireReader(absl::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool done() const { return at_ == end_; }
  const char* position() const { return at_; }

  // False when the bytes are not well formed, or hold a group.
  bool Next(WireField* field) {
    uint64_t tag = 0;
    if (!ReadVarint(&tag) || tag >> 32 != 0 || tag >> 3 == 0) return false;
    field->number = static_cast<uint32_t>(tag >> 3);
    switch (tag & 7) {
      case WireField::kVarint:
        field->type = WireField::kVarint;
        return ReadVarint(&field->bits);
      case WireField::kFixed64:
        field->type = WireField::kFixed64;
        return ReadFixed(8, &field->bits);
      case WireField::kFixed32:
        field->type = WireField::kFixed32;
        return ReadFixed(4, &field->bits);
      case WireField::kBytes: {
        field->type = WireField::kBytes;
        uint64_t length = 0;
        if (!ReadVarint(&length) || length > static_cast<uint64_t>(end_ - at_)) return false;
        field->bytes = absl::string_view(at_, static_cast<size_t>(length));
        at_ += length;
        return true;
      }
      default:
        return false;
    }
  }

  bool ReadVarint(uint64_t* value) {
    if (at_ < end_ && static_cast<unsigned char>(*at_) < 0x80) {
      *value = static_cast<unsigned char>(*at_++);
      return true;
    }
    uint64_t result = 0;
    for (int shift = 0; shift < 70 && at_ < end_; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      if (shift == 63 && byte > 1) return false;
      result |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) {
        *value = result;
        return true;
      }
    }
    return false;
  }

  // `size` is 4 or 8 bytes, little endian as the machine is.
  bool ReadFixed(size_t size, uint64_t* value) {
    if (static_cast<size_t>(end_ - at_) < size) return false;
    *value = 0;
    std::memcpy(value, at_, size);
    at_ += size;
    return true;
  }

 private:
  const char* at_;
  const char* end_;
};

}  // namespace cityinfo::gateway
