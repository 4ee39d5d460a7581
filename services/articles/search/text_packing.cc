#include "services/articles/search/text_packing.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace cityinfo::articles {
namespace {

// The codes below 0x80, in the order of this list, which is part of the format. Changing it asks
// for another kSchemaVersion (index_schema.cc).
constexpr std::u16string_view kOneByte =
    u"\n abcdefghijklmnopqrstuvwxyz0123456789,.:;!?()%-+/\"'、。《》“”—·"
    u"的一是不了在人有中大国年会和上为地发来到以时要出对新市工作业行家成方多经法学同现动面进部"
    u"主分开日月生产建设区全化高展民长";

// Two bytes: 15 bits behind a set bit, but for the lead byte 0xFF. First the Chinese characters,
// then the scripts at the beginning of Unicode, then punctuation, symbols and kana.
constexpr uint32_t kChineseBegin = 0x4E00;
constexpr uint32_t kChineseCodes = 0x5200;
constexpr uint32_t kScriptCodes = 0x1000;
constexpr uint32_t kSymbolBegin = 0x2000;
constexpr uint32_t kTwoByteCodes = 0x7F00;
constexpr uint32_t kSymbolCodes = kTwoByteCodes - kChineseCodes - kScriptCodes;

// Before any other unit, in two bytes of its own.
constexpr unsigned char kEscape = 0xFF;

// 0: not among them. The code plus one otherwise.
constexpr std::array<uint8_t, 0x10000> MakeOneByteCodes() {
  std::array<uint8_t, 0x10000> codes = {};
  for (size_t i = 0; i < kOneByte.size(); ++i) codes[kOneByte[i]] = static_cast<uint8_t>(i + 1);
  return codes;
}
static_assert(kOneByte.size() <= 0x80);

uint32_t TwoByteCode(uint32_t unit) {
  if (unit - kChineseBegin < kChineseCodes) return unit - kChineseBegin;
  if (unit < kScriptCodes) return kChineseCodes + unit;
  if (unit - kSymbolBegin < kSymbolCodes) {
    return kChineseCodes + kScriptCodes + (unit - kSymbolBegin);
  }
  return kTwoByteCodes;
}

// What a first byte adds up to with the second: all codes behind one lead byte are neighbours.
constexpr std::array<char16_t, 0x100> MakeBases() {
  std::array<char16_t, 0x100> bases = {};
  for (uint32_t byte = 0; byte < 0x80; ++byte) {
    bases[byte] = byte < kOneByte.size() ? kOneByte[byte] : u' ';
  }
  for (uint32_t byte = 0x80; byte < kEscape; ++byte) {
    const uint32_t code = (byte & 0x7F) << 8;
    if (code < kChineseCodes) {
      bases[byte] = static_cast<char16_t>(kChineseBegin + code);
    } else if (code < kChineseCodes + kScriptCodes) {
      bases[byte] = static_cast<char16_t>(code - kChineseCodes);
    } else {
      bases[byte] = static_cast<char16_t>(kSymbolBegin + code - kChineseCodes - kScriptCodes);
    }
  }
  return bases;
}

}  // namespace

std::string PackText(std::u16string_view text) {
  static constexpr std::array<uint8_t, 0x10000> kOneByteCodes = MakeOneByteCodes();
  std::string packed;
  packed.reserve(text.size() * 2);
  for (const char16_t unit : text) {
    if (const uint8_t code = kOneByteCodes[unit]; code != 0) {
      packed.push_back(static_cast<char>(code - 1));
    } else if (const uint32_t two = TwoByteCode(unit); two < kTwoByteCodes) {
      packed.push_back(static_cast<char>(0x80 | two >> 8));
      packed.push_back(static_cast<char>(two));
    } else {
      packed.push_back(static_cast<char>(kEscape));
      packed.push_back(static_cast<char>(unit >> 8));
      packed.push_back(static_cast<char>(unit));
    }
  }
  return packed;
}

void UnpackText(absl::string_view packed, std::u16string* text) {
  static constexpr std::array<char16_t, 0x100> kBases = MakeBases();
  const auto* byte = reinterpret_cast<const unsigned char*>(packed.data());
  const auto* const end = byte + packed.size();
  const size_t before = text->size();
  // No byte is more than one unit.
  text->resize(before + packed.size());
  char16_t* out = text->data() + before;
  while (byte < end) {
    const unsigned lead = *byte;
    const unsigned second = lead >> 7;  // 1 when there is a second byte.
    if (lead == kEscape) {
      if (end - byte < 3) break;
      *out++ = static_cast<char16_t>(byte[1] << 8 | byte[2]);
      byte += 3;
      continue;
    }
    if (end - byte < 2) {
      if (second == 0) *out++ = kBases[lead];
      break;
    }
    // Without a branch: which codes have one byte and which two is what nobody can foretell.
    *out++ = static_cast<char16_t>(kBases[lead] + (byte[1] & (0U - second)));
    byte += 1 + second;
  }
  text->resize(static_cast<size_t>(out - text->data()));
}

}  // namespace cityinfo::articles
