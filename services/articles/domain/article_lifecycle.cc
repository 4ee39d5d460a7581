#include "services/articles/domain/article_lifecycle.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"

namespace cityinfo::articles {
namespace {

absl::StatusOr<ArticleState> NextState(Transition transition, const Article& article) {
  switch (transition) {
    case Transition::kPublish:
      if (absl::Status editable = CheckEditable(article); !editable.ok()) return editable;
      return ArticleState::kPublished;
    case Transition::kUnpublish:
      if (article.state != ArticleState::kPublished &&
          article.state != ArticleState::kUnpublished) {
        return base::FailedPrecondition(
            "ARTICLE_NOT_PUBLISHED",
            absl::StrCat("articles/", article.id, " is ", ArticleStateName(article.state),
                         ", not published"));
      }
      return ArticleState::kUnpublished;
    case Transition::kDelete:
      return ArticleState::kDeleted;
    case Transition::kUndelete:
      if (article.state != ArticleState::kDeleted) {
        return base::FailedPrecondition(
            "ARTICLE_NOT_DELETED", absl::StrCat("articles/", article.id, " is ",
                                                ArticleStateName(article.state), ", not deleted"));
      }
      return article.first_publish_time ? ArticleState::kUnpublished : ArticleState::kDraft;
  }
  return base::Internal("UNKNOWN_TRANSITION", "unknown transition");
}

}  // namespace

absl::StatusOr<bool> ApplyTransition(Transition transition, absl::Time now, Article* article) {
  absl::StatusOr<ArticleState> next = NextState(transition, *article);
  if (!next.ok()) return std::move(next).status();
  if (*next == article->state) return false;
  article->state = *next;
  article->version += 1;
  if (article->state == ArticleState::kPublished) {
    article->was_public = true;
    if (!article->first_publish_time) article->first_publish_time = now;
  }
  return true;
}

absl::Status CheckEditable(const Article& article) {
  if (article.state != ArticleState::kDeleted) return absl::OkStatus();
  return base::FailedPrecondition(
      "ARTICLE_DELETED", absl::StrCat("articles/", article.id, " is deleted; undelete it first"));
}

std::string Etag(const Article& article) {
  return absl::StrFormat("%016x",
                         base::Fingerprint64(absl::StrCat(article.id, ":", article.version)));
}

absl::Status CheckEtag(const Article& article, absl::string_view etag) {
  if (etag.empty() || etag == Etag(article)) return absl::OkStatus();
  return base::Aborted("ETAG_MISMATCH",
                       absl::StrCat("articles/", article.id,
                                    " was changed since it was read; read it again, then retry"));
}

}  // namespace cityinfo::articles
