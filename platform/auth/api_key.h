#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::auth {

// What the holder of a key may do; each role may do all that the ones before it may.
enum class Role {
  kReader = 0,       // read what is published
  kEditor = 1,       // write articles, review figures
  kDataOfficer = 2,  // load observations
  kOperator = 3,     // everything, including operations on the platform itself
};

// "reader", "editor", "data_officer", "operator".
absl::string_view RoleName(Role role);
absl::StatusOr<Role> ParseRole(absl::string_view name);

// Who a key belongs to.
struct Principal {
  std::string name;
  Role role = Role::kReader;

  bool May(Role needed) const { return static_cast<int>(role) >= static_cast<int>(needed); }
};

// A new key: "city_" and 43 characters of URL-safe base64, 256 random bits. Shown once to its
// owner; only its hash is kept.
std::string GenerateKey();

// The line of a key file for `key`: "name:role:sha256hex". The name may hold letters, digits, '-',
// '_',
// '.' and '@'; else INVALID_ARGUMENT.
absl::StatusOr<std::string> KeyFileLine(absl::string_view name, Role role, absl::string_view key);

// The keys that are let in. Immutable after loading, so any number of threads may ask.
class KeyRing {
 public:
  // No keys: nobody may write.
  KeyRing() = default;

  // One `name:role:sha256hex` per line; empty lines and lines that begin with '#' are skipped. An
  // error names the file's line, never its content.
  static absl::StatusOr<KeyRing> Load(const std::string& path);
  static absl::StatusOr<KeyRing> Parse(absl::string_view text);

  // `authorization` is the header's value, "Bearer KEY" (scheme in any case). UNAUTHENTICATED,
  // reason MISSING_KEY, MALFORMED_AUTHORIZATION or UNKNOWN_KEY. Compares with every key in constant
  // time.
  absl::StatusOr<Principal> Authenticate(absl::string_view authorization) const;

  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Principal principal;
    std::array<uint8_t, 32> digest;
  };

  std::vector<Entry> entries_;
};

}  // namespace cityinfo::auth
