#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/base/date.h"
#include "services/articles/domain/block.h"

namespace cityinfo::articles {

// Where an article stands in its life. The numbers are stored and must not change.
enum class ArticleState {
  kDraft = 1,
  kScheduled = 2,
  kPublished = 3,
  kUnpublished = 4,
  kDeleted = 5,
};

// "DRAFT", "PUBLISHED" … as in the API and in messages.
absl::string_view ArticleStateName(ArticleState state);

// Something the page importer was not sure of, kept with the article for an editor.
struct ArticleDoubt {
  QualityReason reason = QualityReason::kGarbled;
  std::string detail;  // One sentence.
  int block = -1;      // Index into ArticleContent::blocks; -1 when it is about the whole article.
  Span span;           // Where on the original page, in code points.

  friend bool operator==(const ArticleDoubt&, const ArticleDoubt&) = default;
};

// What a newsroom writes: the part of an article that a revision freezes. Texts are UTF-8, without
// line breaks; empty means not stated. What may stand in each field: article_validation.h.
struct ArticleContent {
  std::string title;
  std::string subtitle;
  std::string byline;
  std::string section;
  std::vector<std::string> tags;
  std::string publication;
  base::Date publish_date;
  std::string page;                        // Label as printed, "B2".
  std::string place;                       // Code in its short form, see place_code.h.
  std::optional<base::Date> printed_date;  // Printed with the article itself.
  std::string continued_from;              // "B1版".
  std::vector<Block> blocks;
  std::vector<ArticleDoubt> doubts;

  friend bool operator==(const ArticleContent&, const ArticleContent&) = default;
};

// An article at one revision. `revision`, `content`, `update_time` and `author` belong to that
// revision; `state`, `version` and `first_publish_time` to the article as it is now (or, in the
// change feed, as it was after the change).
struct Article {
  std::string id;
  int64_t sequence = 0;  // Order of creation in the store, from 1; never reused.
  int64_t version = 0;   // Counts every change, of state too; what the etag is made of.
  int64_t revision = 0;  // Counts changes of content, from 1.
  int64_t newest_revision = 0;
  ArticleState state = ArticleState::kDraft;
  ArticleContent content;   // Without blocks and doubts in ArticleView::kBasic.
  std::string excerpt;      // Filled in both views.
  std::string source_page;  // Id of the imported page it was cut from; empty when typed in.
  std::string author;       // Who made this revision; empty when nobody said.
  std::string summary;      // What this revision changed, in words.
  // This revision's text was public at some time; only then may a reader without a key see it.
  bool was_public = false;
  absl::Time create_time;                        // Of the first revision.
  absl::Time update_time;                        // Of this revision.
  std::optional<absl::Time> first_publish_time;  // Set once, never moved.
  std::optional<absl::Time> publish_time;        // Of kScheduled alone: when it becomes public.
  std::optional<absl::Time> unpublish_time;      // When it is taken back by itself.
  std::optional<absl::Time> delete_time;         // Of kDeleted alone.
  std::optional<absl::Time> purge_time;          // Of kDeleted alone: from then on it may go.

  friend bool operator==(const Article&, const Article&) = default;
};

// How much of an article to read.
enum class ArticleView { kBasic, kFull };

inline constexpr int kMaxExcerptCodePoints = 120;

// The first words of the running text, at most kMaxExcerptCodePoints, for lists.
std::string MakeExcerpt(const ArticleContent& content);

// A digest of everything in `content`: equal exactly when the contents are.
std::string ContentFingerprint(const ArticleContent& content);

// One entry of the change feed: the article as it stood after a change was committed.
struct ArticleChange {
  int64_t position = 0;  // From 1, in commit order. Old changes go, so numbers may be missing.
  Article article;       // In ArticleView::kFull.
  absl::Time commit_time;
  bool purged = false;  // Removed for good: of `article` only id and sequence are there.
};

}  // namespace cityinfo::articles
