#pragma once

#include <string>

#include "absl/status/status.h"
#include "platform/rpc/request_context.h"
#include "services/articles/domain/article.h"

namespace cityinfo::articles {

// Who asks, and what they may see and do. The gateway has authenticated them and says their role; a
// call without a role comes from another service of ours and may do everything.
struct Caller {
  bool may_edit = false;
  std::string name;  // Becomes the author of revisions; empty when unknown.
};

// Whether the caller may edit, which is all that makes a difference to what they see.
bool MayEdit(const rpc::RequestContext& context);

// An unknown role may only read.
Caller CallerOf(const rpc::RequestContext& context);

// PERMISSION_DENIED (EDITOR_REQUIRED) unless the caller may edit. `what` ends the sentence
// "an editor's key is needed to …".
absl::Status RequireEditor(const Caller& caller, absl::string_view what);

// Whether the caller may see this article at its revision. What readers may not see does not exist
// for them.
bool MaySee(const Caller& caller, const Article& article);

// OK, or NOT_FOUND as if it were not there.
absl::Status RequireVisible(const Caller& caller, const Article& article);

}  // namespace cityinfo::articles
