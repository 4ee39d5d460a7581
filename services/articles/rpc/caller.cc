#include "services/articles/rpc/caller.h"

#include "absl/strings/str_cat.h"
#include "platform/auth/api_key.h"
#include "platform/base/error.h"

namespace cityinfo::articles {

Caller CallerOf(const rpc::RequestContext& context) {
  if (context.role.empty()) return {.may_edit = true, .name = context.principal};
  const absl::StatusOr<auth::Role> role = auth::ParseRole(context.role);
  const bool may_edit = role.ok() && auth::Principal{.name = context.principal, .role = *role}.May(
                                         auth::Role::kEditor);
  return {.may_edit = may_edit, .name = context.principal};
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
