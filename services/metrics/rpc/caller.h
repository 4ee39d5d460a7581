#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "platform/rpc/request_context.h"

namespace cityinfo::metrics {

// Who asks, and what they may see and do. The gateway has authenticated them and says their role; a
// call without a role comes from another service of ours and may do everything.
struct Caller {
  bool may_review = false;
  std::string name;  // becomes the reviewer; empty when unknown
};

// An unknown role may only read.
Caller CallerOf(const rpc::RequestContext& context);

// PERMISSION_DENIED (EDITOR_REQUIRED) unless the caller may review.
absl::Status RequireReviewer(const Caller& caller);

}  // namespace cityinfo::metrics
