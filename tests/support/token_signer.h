#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::testing {

// An issuer of tokens: a fresh key pair, its entry in a key set, and signed tokens.
class TokenSigner {
 public:
  enum class Kind { kRsa, kP256, kEd25519 };
  // `rsa_bits`: of a kRsa.
  TokenSigner(Kind kind, std::string key_id, int rsa_bits = 2048);

  // {"kty":…}: the public key as a JSON Web Key.
  std::string PublicKey() const;
  // A set of this key alone.
  std::string KeySet() const;
  // "RS256", "ES256" or "EdDSA".
  std::string Algorithm() const;

  // A token with this body, signed; its header names the algorithm and the key.
  std::string Sign(absl::string_view claims) const;
  // The same with a header of the caller's.
  std::string Sign(absl::string_view header, absl::string_view claims) const;

  // The public key in PEM, as somebody who mistakes it for a secret would use it.
  std::string PublicPem() const;

 private:
  std::string SignText(const std::string& text) const;

  const Kind kind_;
  const std::string key_id_;
  std::shared_ptr<EVP_PKEY> key_;
};

// base64url without padding.
std::string Base64Url(absl::string_view bytes);

}  // namespace cityinfo::testing
