#include "services/gateway/transcoding/json_string.h"

#include <array>
#include <cstdint>

namespace cityinfo::gateway {
namespace {

// What a byte means at the beginning of a character.
enum ByteKind : unsigned char {
  kPlain,    // one byte, as it is
  kEscaped,  // one byte, escaped
  kTwo,      // begins two, three or four bytes, which are written as they are
  kThree,
  kFour,
  kSuspicious,  // the same, but some of its characters are escaped or not allowed
  kInvalid,
};

constexpr std::array<ByteKind, 256> MakeKinds() {
  std::array<ByteKind, 256> kinds{};
  for (int byte = 0; byte < 256; ++byte) {
    ByteKind kind = kInvalid;
    if (byte < 0x20 || byte == '"' || byte == '\\' || byte == '<' || byte == '>' || byte == 0x7f) {
      kind = kEscaped;
    } else if (byte < 0x80) {
      kind = kPlain;
    } else if (byte == 0xc2 || byte == 0xd8 || byte == 0xdb || byte == 0xdc || byte == 0xe0 ||
               byte == 0xe1 || byte == 0xe2 || byte == 0xed || byte == 0xef || byte == 0xf0 ||
               byte == 0xf3 || byte == 0xf4) {
      kind = kSuspicious;
    } else if (byte > 0xc2 && byte < 0xe0) {
      kind = kTwo;
    } else if (byte > 0xe0 && byte < 0xf0) {
      kind = kThree;
    } else if (byte > 0xf0 && byte < 0xf4) {
      kind = kFour;
    }
    kinds[static_cast<size_t>(byte)] = kind;
  }
  return kinds;
}
constexpr std::array<ByteKind, 256> kKinds = MakeKinds();

bool IsContinuation(unsigned char byte) { return (byte & 0xc0) == 0x80; }

// Length of the sequence at the beginning of [at, end) and its code point; 0 when there is none
// that is well formed.
size_t DecodeOne(const unsigned char* at, const unsigned char* end, uint32_t* code_point) {
  const size_t length = *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
  if (static_cast<size_t>(end - at) < length) return 0;
  uint32_t value = *at & (0xffu >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if (!IsContinuation(at[i])) return 0;
    value = value << 6 | (at[i] & 0x3fu);
  }
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
    return 0;
  }
  *code_point = value;
  return length;
}

// Of those that begin with a suspicious byte.
bool IsEscaped(uint32_t c) {
  return c < 0xa0 || c == 0xad || (c >= 0x600 && c <= 0x603) || c == 0x6dd || c == 0x70f ||
         c == 0x17b4 || c == 0x17b5 || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2064) ||
         (c >= 0x206a && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
         (c >= 0x1d173 && c <= 0x1d17a) || c == 0xe0001 || (c >= 0xe0020 && c <= 0xe007f);
}

void AppendUnit(uint32_t unit, std::string* out) {
  constexpr char kDigits[] = "0123456789abcdef";
  const char text[] = {'\\',
                       'u',
                       kDigits[unit >> 12 & 15],
                       kDigits[unit >> 8 & 15],
                       kDigits[unit >> 4 & 15],
                       kDigits[unit & 15]};
  out->append(text, sizeof text);
}

void AppendEscaped(uint32_t c, std::string* out) {
  switch (c) {
    case '"':
      out->append("\\\"");
      return;
    case '\\':
      out->append("\\\\");
      return;
    case '\b':
      out->append("\\b");
      return;
    case '\f':
      out->append("\\f");
      return;
    case '\n':
      out->append("\\n");
      return;
    case '\r':
      out->append("\\r");
      return;
    case '\t':
      out->append("\\t");
      return;
    default:
      break;
  }
  if (c < 0x10000) return AppendUnit(c, out);
  AppendUnit(0xd800 + ((c - 0x10000) >> 10), out);
  AppendUnit(0xdc00 + ((c - 0x10000) & 0x3ff), out);
}

}  // namespace

bool AppendJsonString(absl::string_view text, std::string* out) {
  out->push_back('"');
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  const unsigned char* const end = at + text.size();
  const unsigned char* pending = at;  // up to `at`: to be copied as it is
  const auto flush = [&] {
    out->append(reinterpret_cast<const char*>(pending), static_cast<size_t>(at - pending));
  };
  while (at < end) {
    switch (kKinds[*at]) {
      case kPlain:
        ++at;
        break;
      case kThree:
        if (end - at < 3 || !IsContinuation(at[1]) || !IsContinuation(at[2])) return false;
        at += 3;
        break;
      case kTwo:
        if (end - at < 2 || !IsContinuation(at[1])) return false;
        at += 2;
        break;
      case kFour:
        if (end - at < 4 || !IsContinuation(at[1]) || !IsContinuation(at[2]) ||
            !IsContinuation(at[3])) {
          return false;
        }
        at += 4;
        break;
      case kEscaped:
        flush();
        AppendEscaped(*at, out);
        pending = ++at;
        break;
      case kSuspicious: {
        uint32_t code_point = 0;
        const size_t length = DecodeOne(at, end, &code_point);
        if (length == 0) return false;
        if (IsEscaped(code_point)) {
          flush();
          AppendEscaped(code_point, out);
          pending = at + length;
        }
        at += length;
        break;
      }
      case kInvalid:
        return false;
    }
  }
  flush();
  out->push_back('"');
  return true;
}

}  // namespace cityinfo::gateway
