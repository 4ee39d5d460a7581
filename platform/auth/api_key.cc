#include "platform/auth/api_key.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"

namespace cityinfo::auth {
namespace {

using Digest = std::array<uint8_t, 32>;

constexpr struct {
  Role role;
  absl::string_view name;
} kRoles[] = {{Role::kReader, "reader"},
              {Role::kEditor, "editor"},
              {Role::kDataOfficer, "data_officer"},
              {Role::kOperator, "operator"}};

// A key of 256 random bits needs no slow hash: there is nothing to guess.
Digest Hash(absl::string_view key) {
  Digest digest;
  SHA256(reinterpret_cast<const uint8_t*>(key.data()), key.size(), digest.data());
  return digest;
}

bool IsName(absl::string_view name) {
  if (name.empty() || name.size() > 64) return false;
  for (const char c : name) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) &&
        !absl::StrContains("-_.@", absl::string_view(&c, 1))) {
      return false;
    }
  }
  return true;
}

std::optional<Digest> ParseDigest(absl::string_view hex) {
  if (hex.size() != 64) return std::nullopt;
  for (const char c : hex) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return std::nullopt;
  }
  const std::string bytes = absl::HexStringToBytes(hex);
  Digest digest;
  bytes.copy(reinterpret_cast<char*>(digest.data()), digest.size());
  return digest;
}

absl::Status BadLine(int line, absl::string_view what) {
  return base::FailedPrecondition("BAD_KEY_FILE",
                                  absl::StrCat("key file, line ", line, ": ", what));
}

}  // namespace

absl::string_view RoleName(Role role) {
  for (const auto& known : kRoles) {
    if (known.role == role) return known.name;
  }
  return "unknown";
}

absl::StatusOr<Role> ParseRole(absl::string_view name) {
  for (const auto& known : kRoles) {
    if (known.name == name) return known.role;
  }
  return base::InvalidArgument(
      "role", absl::StrCat("\"", absl::CEscape(name.substr(0, 64)),
                           "\" is not one of reader, editor, data_officer, operator"));
}

std::string GenerateKey() {
  std::array<unsigned char, 32> bytes;
  // Without randomness there is no key that could be handed out.
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) std::abort();
  const absl::string_view raw(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return absl::StrCat("city_", absl::WebSafeBase64Escape(raw));
}

absl::StatusOr<std::string> KeyFileLine(absl::string_view name, Role role, absl::string_view key) {
  if (!IsName(name)) {
    return base::InvalidArgument("name", "must be 1 to 64 letters, digits, '-', '_', '.' or '@'");
  }
  const Digest digest = Hash(key);
  return absl::StrCat(name, ":", RoleName(role), ":",
                      absl::BytesToHexString(absl::string_view(
                          reinterpret_cast<const char*>(digest.data()), digest.size())));
}

absl::StatusOr<KeyRing> KeyRing::Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return base::FailedPrecondition("NO_KEY_FILE", absl::StrCat("cannot read the key file ", path));
  }
  std::ostringstream text;
  text << file.rdbuf();
  return Parse(text.str());
}

absl::StatusOr<KeyRing> KeyRing::Parse(absl::string_view text) {
  KeyRing ring;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') continue;
    const std::vector<absl::string_view> parts = absl::StrSplit(line, ':');
    if (parts.size() != 3) return BadLine(number, "is not name:role:sha256");
    if (!IsName(parts[0]))
      return BadLine(number, "has a name with other than letters, digits, -_.@");
    const absl::StatusOr<Role> role = ParseRole(parts[1]);
    if (!role.ok()) {
      return BadLine(number, "has a role other than reader, editor, data_officer, operator");
    }
    const std::optional<Digest> digest = ParseDigest(parts[2]);
    if (!digest) return BadLine(number, "has a hash that is not 64 hexadecimal digits");
    ring.entries_.push_back({{std::string(parts[0]), *role}, *digest});
  }
  return ring;
}

absl::StatusOr<Principal> KeyRing::Authenticate(absl::string_view authorization) const {
  authorization = absl::StripAsciiWhitespace(authorization);
  if (authorization.empty()) {
    return base::Unauthenticated("MISSING_KEY", "this needs a key: Authorization: Bearer KEY");
  }
  constexpr absl::string_view kScheme = "bearer ";
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) {
    return base::Unauthenticated("MALFORMED_AUTHORIZATION",
                                 "the Authorization header must read: Bearer KEY");
  }
  const Digest digest = Hash(absl::StripAsciiWhitespace(authorization.substr(kScheme.size())));
  const Entry* found = nullptr;
  for (const Entry& entry : entries_) {
    if (CRYPTO_memcmp(entry.digest.data(), digest.data(), digest.size()) == 0) found = &entry;
  }
  if (found == nullptr) return base::Unauthenticated("UNKNOWN_KEY", "this key is not known");
  return found->principal;
}

}  // namespace cityinfo::auth
