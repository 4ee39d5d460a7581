#include "platform/redis/sealed_value.h"

#include <array>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"

namespace cityinfo::redis {
namespace {

constexpr absl::string_view kMagic = "cv1:";
constexpr size_t kSealSize = 4 + 8;

// Magic and the fingerprint, big-endian. Key and value are fingerprinted apart, so that no byte can
// move from one to the other unnoticed.
std::array<char, kSealSize> MakeSeal(absl::string_view key, absl::string_view value) {
  const uint64_t fingerprint =
      base::Fingerprint64(key) * 0x9E3779B97F4A7C15u + base::Fingerprint64(value);
  std::array<char, kSealSize> seal;
  kMagic.copy(seal.data(), kMagic.size());
  for (int i = 0; i < 8; ++i) {
    seal[kMagic.size() + i] = static_cast<char>(fingerprint >> (56 - 8 * i));
  }
  return seal;
}

}  // namespace

std::string Seal(absl::string_view key, absl::string_view value) {
  const std::array<char, kSealSize> seal = MakeSeal(key, value);
  return absl::StrCat(absl::string_view(seal.data(), seal.size()), value);
}

std::optional<absl::string_view> Unseal(absl::string_view key, absl::string_view sealed) {
  if (sealed.size() < kSealSize) return std::nullopt;
  const absl::string_view value = sealed.substr(kSealSize);
  const std::array<char, kSealSize> expected = MakeSeal(key, value);
  if (sealed.substr(0, kSealSize) != absl::string_view(expected.data(), expected.size())) {
    return std::nullopt;
  }
  return value;
}

}  // namespace cityinfo::redis
