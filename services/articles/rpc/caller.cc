#include "services/articles/rpc/caller.h"

#include "absl/strings/str_cat.h"
#include "platform/auth/api_key.h"
#include "platform/base/error.h"

namespace cityinfo::articles {

bool MayEdit(const rpc::RequestContext& context) {
  if (context.role.empty()) return true;
  const absl::StatusOr<auth::Role> role = auth::ParseRole(context.role);
  return role.ok() && auth::Principal{.role = *role}.May(auth::Role::kEditor);
}

Caller CallerOf(const rpc::RequestContext& context) {
  return {.may_edit = MayEdit(context), .name = context.principal};
}

absl::Status RequireEditor(const Caller& caller, absl::string_view what) {
  if (caller.may_edit) return absl::OkStatus();
  return base::PermissionDenied("EDITOR_REQUIRED",
                                absl::StrCat("an editor's key is needed to ", what));
}

bool MaySee(const Caller& caller, const Article& article) {
  return caller.may_edit || (article.state == ArticleState::kPublished && article.was_public);
}

absl::Status RequireVisible(const Caller& caller, const Article& article) {
  if (MaySee(caller, article)) return absl::OkStatus();
  if (article.state == ArticleState::kPublished) {
    return base::NotFound("revision", absl::StrCat("articles/", article.id, "@", article.revision),
                          "REVISION_NOT_FOUND");
  }
  return base::NotFound("article", absl::StrCat("articles/", article.id), "ARTICLE_NOT_FOUND");
}

}  // namespace cityinfo::articles
