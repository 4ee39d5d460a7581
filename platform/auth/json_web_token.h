#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/auth/api_key.h"
#include "platform/auth/json_web_key_set.h"

namespace cityinfo::auth {

// What a token must say to be believed.
struct TokenRules {
  std::string issuer;                       // "iss", exactly
  std::string audience;                     // is, or is one of, "aud"
  std::string role_claim = "role";          // a role's name, or a list of them; the highest counts
  absl::Duration skew = absl::Seconds(60);  // by which clocks may differ
};

// Whether a bearer credential has the form of a token: three parts with dots between them. Keys of
// the key file have no dot.
bool LooksLikeToken(absl::string_view credential);

// Who a signed token (JWT, RFC 7519, best practice of RFC 8725) speaks for: "sub" as the name, the
// highest role it names, reader without one. UNAUTHENTICATED with a reason that says what is wrong:
// MALFORMED_TOKEN, TOKEN_ALGORITHM_NOT_ALLOWED, UNKNOWN_TOKEN_KEY, BAD_TOKEN_SIGNATURE,
// WRONG_TOKEN_ISSUER, WRONG_TOKEN_AUDIENCE, TOKEN_EXPIRED, TOKEN_NOT_YET_VALID. A token without
// "exp" is malformed. Nothing a token names is ever fetched (jku, x5u), and a key in its header is
// not looked at; the body is not read before the signature is good. Thread-safe.
absl::StatusOr<Principal> VerifyToken(absl::string_view token, const JsonWebKeySet& keys,
                                      const TokenRules& rules, absl::Time now);

}  // namespace cityinfo::auth
