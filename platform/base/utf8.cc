#include "platform/base/utf8.h"

#include <algorithm>

namespace cityinfo::base {
namespace {

bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// What a leading byte announces: the sequence's length and the range its second byte must lie in,
// which is how overlong forms, surrogates and values above U+10FFFF are kept out (Unicode, table
// 3-7).
struct Lead {
  size_t length;  // 0: cannot lead
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xBF;
};

Lead ReadLead(unsigned char byte) {
  if (byte < 0x80) return {1};
  if (byte < 0xC2) return {0};
  if (byte < 0xE0) return {2};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

struct Decoded {
  char32_t code_point;
  size_t length;  // bytes to move on by
  bool valid;
};

// An ill-formed sequence is as long as its longest well-formed beginning, at least one byte.
Decoded Decode(absl::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const Lead lead = ReadLead(byte(0));
  if (lead.length == 1) return {byte(0), 1, true};
  if (lead.length == 0) return {kReplacementCharacter, 1, false};
  char32_t code_point = byte(0) & (0x7F >> lead.length);
  for (size_t i = 1; i < lead.length; ++i) {
    const bool fits =
        at + i < text.size() && (i == 1 ? byte(i) >= lead.second_min && byte(i) <= lead.second_max
                                        : IsContinuation(byte(i)));
    if (!fits) return {kReplacementCharacter, i, false};
    code_point = (code_point << 6) | (byte(i) & 0x3F);
  }
  return {code_point, lead.length, true};
}

}  // namespace

std::optional<size_t> FirstInvalidByte(absl::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const Decoded decoded = Decode(text, at);
    if (!decoded.valid) return at;
    at += decoded.length;
  }
  return std::nullopt;
}

bool IsValidUtf8(absl::string_view text) { return !FirstInvalidByte(text).has_value(); }

char32_t DecodeCodePoint(absl::string_view text, size_t* pos) {
  const Decoded decoded = Decode(text, *pos);
  *pos += decoded.length;
  return decoded.code_point;
}

void AppendUtf8(char32_t code_point, std::string* out) {
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (surrogate || code_point > 0x10FFFF) code_point = kReplacementCharacter;
  const auto put = [out](char32_t byte) { out->push_back(static_cast<char>(byte)); };
  const auto put_tail = [&](int shift) { put(0x80 | ((code_point >> shift) & 0x3F)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put_tail(0);
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put_tail(6);
    put_tail(0);
  } else {
    put(0xF0 | (code_point >> 18));
    put_tail(12);
    put_tail(6);
    put_tail(0);
  }
}

int64_t CountCodePoints(absl::string_view text) {
  int64_t count = 0;
  for (size_t at = 0; at < text.size(); ++count) at += Decode(text, at).length;
  return count;
}

absl::string_view SubstrCodePoints(absl::string_view text, int64_t begin, int64_t end) {
  size_t at = 0;
  int64_t code_point = 0;
  for (; at < text.size() && code_point < begin; ++code_point) at += Decode(text, at).length;
  const size_t first = at;
  for (; at < text.size() && code_point < end; ++code_point) at += Decode(text, at).length;
  return text.substr(first, at - first);
}

CodePointIndex::CodePointIndex(absl::string_view text) : text_(text) {
  byte_marks_.reserve(text.size() / kStride + 1);
  for (size_t at = 0; at < text.size(); ++size_) {
    const size_t next = at + Decode(text, at).length;
    if (size_ % kStride == 0) code_point_marks_.push_back(at);
    while (byte_marks_.size() * kStride < next) byte_marks_.push_back({at, size_});
    at = next;
  }
}

int64_t CodePointIndex::CodePointAtByte(size_t byte) const {
  if (byte >= text_.size()) return size_;
  auto [at, code_point] = byte_marks_[byte / kStride];
  for (;;) {
    at += Decode(text_, at).length;
    if (at > byte) return code_point;
    ++code_point;
  }
}

size_t CodePointIndex::ByteAtCodePoint(int64_t code_point) const {
  if (code_point < 0) return 0;
  if (code_point >= size_) return text_.size();
  size_t at = code_point_marks_[code_point / kStride];
  for (int64_t i = code_point % kStride; i > 0; --i) at += Decode(text_, at).length;
  return at;
}

absl::string_view CodePointIndex::Substr(int64_t begin, int64_t end) const {
  const size_t first = ByteAtCodePoint(begin);
  const size_t last = ByteAtCodePoint(end);
  return last <= first ? absl::string_view() : text_.substr(first, last - first);
}

}  // namespace cityinfo::base
