#include "platform/base/digest.h"

#include <openssl/sha.h>

#include <cstring>

#include "absl/strings/escaping.h"

namespace cityinfo::base {
namespace {

// The finaliser of MurmurHash3: every input bit reaches every output bit.
uint64_t Mix(uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33;
  value *= 0xc4ceb9fe1a85ec53ULL;
  return value ^ (value >> 33);
}

// Little-endian whatever the machine is, since the result is stored.
uint64_t ReadWord(const char* bytes, size_t size) {
  uint64_t word = 0;
  for (size_t i = 0; i < size; ++i) {
    word |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return word;
}

}  // namespace

std::string Sha256Hex(absl::string_view bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), sizeof(digest)));
}

uint64_t Fingerprint64(absl::string_view bytes) {
  uint64_t hash = Mix(bytes.size() + 0x9e3779b97f4a7c15ULL);
  size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    hash = Mix(hash ^ ReadWord(bytes.data() + at, 8)) + 0x9e3779b97f4a7c15ULL;
  }
  if (at < bytes.size()) hash = Mix(hash ^ ReadWord(bytes.data() + at, bytes.size() - at));
  return Mix(hash);
}

}  // namespace cityinfo::base
