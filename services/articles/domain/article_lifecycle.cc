#include "services/articles/domain/article_lifecycle.h"

#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"

namespace cityinfo::articles {
namespace {

absl::Status CheckIsToCome(const std::optional<absl::Time>& time, absl::Time now,
                           absl::string_view field) {
  if (!time || *time > now) return absl::OkStatus();
  return base::InvalidArgument(
      field, absl::StrCat(absl::FormatTime(*time, absl::UTCTimeZone()), " is not in the future"),
      "TIME_IN_THE_PAST");
}

absl::Status CheckOrder(const std::optional<absl::Time>& publish_time,
                        const std::optional<absl::Time>& unpublish_time) {
  if (!publish_time || !unpublish_time || *publish_time < *unpublish_time) return absl::OkStatus();
  return base::InvalidArgument("unpublish_time",
                               "must be after publish_time: an article cannot be taken back before "
                               "it is public",
                               "TIMES_OUT_OF_ORDER");
}

// Public from `when` on.
void BecomePublic(absl::Time when, Article* article) {
  article->state = ArticleState::kPublished;
  article->publish_time.reset();
  if (!article->first_publish_time) article->first_publish_time = when;
  // An older revision that is being looked at does not become public with the newest one.
  if (article->revision >= article->newest_revision) article->was_public = true;
}

// As before anybody published or scheduled it.
void GoBack(Article* article) {
  article->state = article->first_publish_time ? ArticleState::kUnpublished : ArticleState::kDraft;
  article->publish_time.reset();
  article->unpublish_time.reset();
}

// Whether `schedule` is what made the article public: the request was sent again after its moment.
bool HasHappened(absl::Time now, const Schedule& schedule, const Article& article) {
  return article.state == ArticleState::kPublished && schedule.publish_time &&
         *schedule.publish_time <= now && schedule.publish_time == article.first_publish_time &&
         schedule.unpublish_time == article.unpublish_time;
}

absl::Status Publish(absl::Time now, const Schedule& schedule, Article* article) {
  if (HasHappened(now, schedule, *article)) return absl::OkStatus();
  CITY_RETURN_IF_ERROR(CheckIsToCome(schedule.publish_time, now, "publish_time"));
  CITY_RETURN_IF_ERROR(CheckIsToCome(schedule.unpublish_time, now, "unpublish_time"));
  CITY_RETURN_IF_ERROR(CheckOrder(schedule.publish_time, schedule.unpublish_time));
  CITY_RETURN_IF_ERROR(CheckEditable(*article));
  if (schedule.publish_time) {
    if (article->state == ArticleState::kPublished) {
      return base::FailedPrecondition(
          "ALREADY_PUBLISHED",
          absl::StrCat("articles/", article->id,
                       " is public already; unpublish it first to publish it at another time"));
    }
    article->state = ArticleState::kScheduled;
    article->publish_time = schedule.publish_time;
  } else if (article->state != ArticleState::kPublished) {
    BecomePublic(now, article);
  }
  article->unpublish_time = schedule.unpublish_time;
  return absl::OkStatus();
}

absl::Status Unpublish(absl::Time now, const Schedule& schedule, Article* article) {
  CITY_RETURN_IF_ERROR(CheckIsToCome(schedule.unpublish_time, now, "unpublish_time"));
  const bool public_or_soon =
      article->state == ArticleState::kPublished || article->state == ArticleState::kScheduled;
  const bool taken_back = article->state == ArticleState::kUnpublished && !schedule.unpublish_time;
  if (!public_or_soon && !taken_back) {
    return base::FailedPrecondition(
        "ARTICLE_NOT_PUBLISHED", absl::StrCat("articles/", article->id, " is ",
                                              ArticleStateName(article->state), ", not published"));
  }
  if (!schedule.unpublish_time) {
    GoBack(article);
    return absl::OkStatus();
  }
  CITY_RETURN_IF_ERROR(CheckOrder(article->publish_time, schedule.unpublish_time));
  article->unpublish_time = schedule.unpublish_time;
  return absl::OkStatus();
}

void Delete(absl::Time now, Article* article) {
  if (article->state == ArticleState::kDeleted) return;
  article->state = ArticleState::kDeleted;
  article->publish_time.reset();
  article->unpublish_time.reset();
  article->delete_time = now;
}

absl::Status Undelete(Article* article) {
  if (article->state != ArticleState::kDeleted) {
    return base::FailedPrecondition(
        "ARTICLE_NOT_DELETED", absl::StrCat("articles/", article->id, " is ",
                                            ArticleStateName(article->state), ", not deleted"));
  }
  GoBack(article);
  article->delete_time.reset();
  article->purge_time.reset();
  return absl::OkStatus();
}

// What a transition changes. Each of them checks everything before it changes anything.
absl::Status Apply(Transition transition, absl::Time now, const Schedule& schedule,
                   Article* article) {
  switch (transition) {
    case Transition::kPublish:
      return Publish(now, schedule, article);
    case Transition::kUnpublish:
      return Unpublish(now, schedule, article);
    case Transition::kDelete:
      Delete(now, article);
      return absl::OkStatus();
    case Transition::kUndelete:
      return Undelete(article);
  }
  return base::Internal("UNKNOWN_TRANSITION", "unknown transition");
}

}  // namespace

absl::StatusOr<bool> ApplyTransition(Transition transition, absl::Time now, Article* article,
                                     const Schedule& schedule) {
  const auto life = [&] {
    return std::make_tuple(article->state, article->publish_time, article->unpublish_time);
  };
  const auto before = life();
  CITY_RETURN_IF_ERROR(Apply(transition, now, schedule, article));
  if (life() == before) return false;
  article->version += 1;
  return true;
}

std::optional<absl::Time> NextMoment(const Article& article) {
  if (article.state == ArticleState::kScheduled) return article.publish_time;
  if (article.state == ArticleState::kPublished) return article.unpublish_time;
  return std::nullopt;
}

bool SettleNext(absl::Time now, Article* article) {
  const std::optional<absl::Time> moment = NextMoment(*article);
  if (!moment || *moment > now) return false;
  if (article->state == ArticleState::kScheduled) {
    BecomePublic(*moment, article);
  } else {
    article->state = ArticleState::kUnpublished;
    article->unpublish_time.reset();
  }
  article->version += 1;
  return true;
}

void Settle(absl::Time now, Article* article) {
  while (SettleNext(now, article)) {
  }
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
