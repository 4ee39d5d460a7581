#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/auth/credentials.h"
#include "services/gateway/http/message.h"

namespace cityinfo::gateway {

// Who sent a request.
struct Caller {
  auth::Principal principal;
  // False for a reader without a key, whose answers anyone may share.
  bool has_key = false;
};

// Looks at the Authorization header. Without one the caller is a reader; with one that is no known
// key and no good token UNAUTHENTICATED, whatever was asked for; two of them are malformed.
absl::StatusOr<Caller> IdentifyCaller(const RequestHead& head,
                                      const auth::Credentials& credentials);

// UNAUTHENTICATED (MISSING_KEY) when a role is needed and there is no key, PERMISSION_DENIED
// (ROLE_NEEDED) when the key's role is not enough.
absl::Status CheckRole(const Caller& caller, std::optional<auth::Role> needs);

}  // namespace cityinfo::gateway
