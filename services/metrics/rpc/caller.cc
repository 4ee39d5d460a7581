#include "services/metrics/rpc/caller.h"

#include "absl/status/statusor.h"
#include "platform/auth/api_key.h"
#include "platform/base/error.h"

namespace cityinfo::metrics {

Caller CallerOf(const rpc::RequestContext& context) {
  if (context.role.empty()) return {.may_review = true, .name = context.principal};
  const absl::StatusOr<auth::Role> role = auth::ParseRole(context.role);
  const bool may_review =
      role.ok() &&
      auth::Principal{.name = context.principal, .role = *role}.May(auth::Role::kEditor);
  return {.may_review = may_review, .name = context.principal};
}

absl::Status RequireReviewer(const Caller& caller) {
  if (caller.may_review) return absl::OkStatus();
  return base::PermissionDenied("EDITOR_REQUIRED", "an editor's key is needed to review figures");
}

}  // namespace cityinfo::metrics
