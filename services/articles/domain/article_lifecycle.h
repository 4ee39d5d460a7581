#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/articles/domain/article.h"

// The rules of an article's life. Stores call them inside their transactions, so that every store
// keeps the same rules. They are pure: `now` is the caller's.
namespace cityinfo::articles {

enum class Transition { kPublish, kUnpublish, kDelete, kUndelete };

// When a transition is to happen. Nothing given: now, and never by itself.
struct Schedule {
  std::optional<absl::Time> publish_time;    // Of kPublish: when the article becomes public.
  std::optional<absl::Time> unpublish_time;  // Of kPublish and kUnpublish: when it is taken back.
};

// Takes `article`, which is as it stands at `now` (see Settle), to where the transition leads and
// raises its version. False when it is there already: nothing changed, and the answer is the
// article as it is.
//
//   publish     public now; with publish_time SCHEDULED until then. Of a public article it changes
//               only when it is taken back; of a scheduled one both moments. The very schedule that
//               first made it public changes nothing, however late it is sent again.
//   unpublish   taken back now; with unpublish_time then. A scheduled article is as before it was
//               scheduled.
//   delete      drops what was scheduled.
//   undelete    never publishes.
//
// INVALID_ARGUMENT on publish_time or unpublish_time (TIME_IN_THE_PAST; TIMES_OUT_OF_ORDER: taken
// back before it is public). FAILED_PRECONDITION (ARTICLE_DELETED, ARTICLE_NOT_PUBLISHED,
// ARTICLE_NOT_DELETED; ALREADY_PUBLISHED: publish_time for what is public) when there is no way
// from where it stands. After an error `article` is as it was.
//
// The first publication sets first_publish_time; nothing ever moves it.
absl::StatusOr<bool> ApplyTransition(Transition transition, absl::Time now, Article* article,
                                     const Schedule& schedule = {});

// The next moment at which `article` changes by itself; nothing when there is none.
std::optional<absl::Time> NextMoment(const Article& article);

// Takes the next step that was scheduled for `now` or earlier: one change of the article, with a
// version of its own. False when there is none. The step counts as done at its own moment, not at
// `now`.
bool SettleNext(absl::Time now, Article* article);

// `article` as it stands at `now`: all steps that are due. What is stored may be older; what an
// answer shows never is. Settling twice, or at one moment after another, comes to the same, so an
// etag outlives the writing down of a step.
void Settle(absl::Time now, Article* article);

// FAILED_PRECONDITION (ARTICLE_DELETED) when the content of `article` may not be changed.
absl::Status CheckEditable(const Article& article);

// The opaque version a client sends back with a write. Differs after every change of the article.
std::string Etag(const Article& article);

// An empty `etag` always matches; else a mismatch is ABORTED (ETAG_MISMATCH).
absl::Status CheckEtag(const Article& article, absl::string_view etag);

}  // namespace cityinfo::articles
