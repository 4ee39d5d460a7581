#pragma once

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::auth {

// How a token may be signed (RFC 7518 §3.1, RFC 8037). Nothing with a shared secret, and not
// "none": who can only verify must not be able to sign.
enum class SignatureAlgorithm {
  kRs256,  // RSA of at least 2048 bits
  kEs256,  // ECDSA over P-256
  kEdDsa,  // Ed25519
};

// "RS256", "ES256", "EdDSA"; nothing for any other name.
std::optional<SignatureAlgorithm> ParseSignatureAlgorithm(absl::string_view name);

// The public keys of a token issuer (RFC 7517, "JWKS"). Immutable, so any number of threads may
// ask.
class JsonWebKeySet {
 public:
  // No keys: no token is believed.
  JsonWebKeySet() = default;

  // FAILED_PRECONDITION (BAD_KEY_SET) names the key and what is wrong with it: a private or a
  // symmetric one, one that is too short, a point that is not on its curve, an id that two have.
  // Keys for encryption and of kinds nobody here knows are passed over (see ignored).
  static absl::StatusOr<JsonWebKeySet> Parse(absl::string_view json);
  // NO_KEY_SET when the file cannot be read.
  static absl::StatusOr<JsonWebKeySet> Load(const std::string& path);

  // Whether `signature` is that of `text` by the key of this id. Without an id the only key of the
  // algorithm is meant. A key verifies by its own algorithm only, whatever a token says.
  enum class Verdict { kGood, kBad, kNoKey };
  Verdict Verify(SignatureAlgorithm algorithm, const std::optional<std::string>& key_id,
                 absl::string_view text, absl::string_view signature) const;

  size_t size() const { return keys_.size(); }
  int ignored() const { return ignored_; }

 private:
  struct Key {
    std::string id;  // may be empty
    SignatureAlgorithm algorithm = SignatureAlgorithm::kRs256;
    std::shared_ptr<EVP_PKEY> key;
  };

  std::vector<Key> keys_;
  int ignored_ = 0;
};

}  // namespace cityinfo::auth
