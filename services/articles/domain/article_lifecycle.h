#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/articles/domain/article.h"

// The rules of an article's life. Stores call them inside their transactions, so that every store
// keeps the same rules.
namespace cityinfo::articles {

enum class Transition { kPublish, kUnpublish, kDelete, kUndelete };

// Takes `article` to its next state at `now` and raises its version. False when it is there
// already: nothing changed, and the answer is the article as it is. FAILED_PRECONDITION
// (ARTICLE_DELETED, ARTICLE_NOT_PUBLISHED, ARTICLE_NOT_DELETED) when there is no way from where it
// stands.
//
// The first publication sets first_publish_time; nothing ever moves it. Undeleting never publishes.
absl::StatusOr<bool> ApplyTransition(Transition transition, absl::Time now, Article* article);

// FAILED_PRECONDITION (ARTICLE_DELETED) when the content of `article` may not be changed.
absl::Status CheckEditable(const Article& article);

// The opaque version a client sends back with a write. Differs after every change of the article.
std::string Etag(const Article& article);

// An empty `etag` always matches; else a mismatch is ABORTED (ETAG_MISMATCH).
absl::Status CheckEtag(const Article& article, absl::string_view etag);

}  // namespace cityinfo::articles
