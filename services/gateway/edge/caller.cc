#include "services/gateway/edge/caller.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"

namespace cityinfo::gateway {

absl::StatusOr<Caller> IdentifyCaller(const RequestHead& head,
                                      const auth::Credentials& credentials) {
  const std::optional<absl::string_view> authorization = head.Field("authorization");
  if (!authorization.has_value()) return Caller{};
  const auto count =
      std::count_if(head.fields.begin(), head.fields.end(),
                    [](const HttpField& field) { return field.name == "authorization"; });
  if (count > 1) {
    return base::Unauthenticated("MALFORMED_AUTHORIZATION",
                                 "there are several Authorization headers; send one");
  }
  CITY_ASSIGN_OR_RETURN(auth::Principal principal, credentials.Authenticate(*authorization));
  return Caller{.principal = std::move(principal), .has_key = true};
}

absl::Status CheckRole(const Caller& caller, std::optional<auth::Role> needs) {
  if (!needs.has_value() || (caller.has_key && caller.principal.May(*needs))) {
    return absl::OkStatus();
  }
  if (!caller.has_key) {
    return base::Unauthenticated("MISSING_KEY", "this needs a key: send Authorization: Bearer KEY");
  }
  return base::PermissionDenied(
      "ROLE_NEEDED",
      absl::StrCat("this needs the role ", auth::RoleName(*needs), "; the key of ",
                   caller.principal.name, " has ", auth::RoleName(caller.principal.role)));
}

}  // namespace cityinfo::gateway
