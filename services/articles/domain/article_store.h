#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/articles/domain/article.h"
#include "services/articles/domain/article_filter.h"
#include "services/articles/domain/article_lifecycle.h"
#include "services/articles/domain/change_signal.h"
#include "services/articles/domain/content_patch.h"
#include "services/articles/domain/page_import.h"

namespace cityinfo::articles {

struct NewArticle {
  ArticleContent content;
  bool publish = false;
  std::string author;
  // Same id, same content, same `publish`: the first answer again. Empty: every call stores anew.
  std::string request_id;
};

struct ArticleUpdate {
  std::string id;
  std::string etag;  // Empty: whatever it is.
  ContentPatch patch;
  std::string author;
  std::string request_id;  // As in NewArticle, here and below.
};

struct ArticleRollback {
  std::string id;
  std::string etag;
  int64_t revision = 0;
  std::string author;
  std::string request_id;
};

struct StateChange {
  std::string id;
  std::string etag;
  Transition transition = Transition::kPublish;
  // When it is to happen: of kPublish and kUnpublish. Not given: now.
  std::optional<absl::Time> publish_time;
  std::optional<absl::Time> unpublish_time;
  std::string request_id;
};

// One article of a bulk import.
struct ArticleImport {
  ArticleContent content;
  bool publish = false;
  bool validate_only = false;  // Say what would become of it; store nothing.
};

// What became of it. When `status` is not OK nothing was stored.
struct ImportedArticle {
  absl::Status status;
  std::string id;         // Empty when it is not stored.
  bool existing = false;  // Imported before with the same content; it is not stored again.
};

// The most articles of one ImportArticles.
inline constexpr size_t kMaxImportBatch = 256;

// The most bytes of text that one BatchGet in ArticleView::kFull answers.
inline constexpr size_t kMaxBatchTextBytes = 32 << 20;

// What an upkeep did, and when there is something to do again.
struct Upkeep {
  int settled = 0;                               // Scheduled moments that were written down.
  int purged = 0;                                // Deleted articles removed for good.
  int trimmed = 0;                               // Old changes that have left the feed.
  bool more = false;                             // A bound was reached: call again soon.
  absl::Time next_due = absl::InfiniteFuture();  // The next scheduled moment.
};

struct RevisionPage {
  std::vector<Article> revisions;  // Newest first, in ArticleView::kBasic.
  bool more = false;
};

// A section or tag and how many published articles carry it.
struct LabelCount {
  std::string label;
  int64_t count = 0;

  friend bool operator==(const LabelCount&, const LabelCount&) = default;
};

// How much of the feed to read at once: whichever comes first, but at least one change.
struct ChangeLimits {
  int changes = 64;
  size_t text_bytes = 4 << 20;
};

// The port behind which articles are kept. Every implementation passes
// tests/contract/article_store.
//
// What every call promises:
//   * What is answered is as it stands at the time of the answer (see Settle), but for the change
//     feed and for replays, which say what was then.
//   * A write that was answered is there after a crash; one that was not is there wholly or not at
//   all.
//   * A write, its revision and its entry in the change feed are one transaction.
//   * Ids that do not exist are NOT_FOUND (ARTICLE_NOT_FOUND), revisions REVISION_NOT_FOUND.
//   * Content that ValidateContent refuses is INVALID_ARGUMENT and is not stored.
//   * A call that cannot finish by `deadline` is DEADLINE_EXCEEDED and has changed nothing.
//   * UNAVAILABLE and RESOURCE_EXHAUSTED say that the store, not the request, is the problem. A
//     write that ends with UNAVAILABLE (COMMIT_UNKNOWN) may have been done: ask, or send it again
//     where that is safe (request_id, ImportPage, ImportArticles).
//   * A write whose request_id came before with the same request gives the first answer and changes
//     nothing, also when the first changed nothing; with another request ALREADY_EXISTS
//     (REQUEST_ID_REUSED); NOT_FOUND when what it changed is purged. Only what succeeded is
//     remembered, for a bounded time and number.
//   * Where several stores, in one process or in many, stand over one database, the promises hold
//     for all of them together.
//   * What was acknowledged is read by every call that begins after it, but for List of published
//     articles and the counts of labels, which may trail where a standby is configured.
// Who may see an article is not the store's business. Thread-safe.
class ArticleStore {
 public:
  virtual ~ArticleStore() = default;

  virtual absl::StatusOr<Article> Create(const NewArticle& article, absl::Time deadline) = 0;

  // `revision` 0 is the newest.
  virtual absl::StatusOr<Article> Get(absl::string_view id, int64_t revision, ArticleView view,
                                      absl::Time deadline) = 0;

  // In the order asked for, all or none; repeated ids are answered repeatedly. RESOURCE_EXHAUSTED
  // (RESPONSE_TOO_LARGE) beyond kMaxBatchTextBytes.
  virtual absl::StatusOr<std::vector<Article>> BatchGet(const std::vector<std::string>& ids,
                                                        ArticleView view, absl::Time deadline) = 0;

  // By publish_date, then by sequence, newest first. Walking a list by `next` neither skips nor
  // repeats an article that was there at the start and has kept its date, whatever is added
  // meanwhile. A list of published articles may come from a standby, so that a client need not find
  // in it what it has just written; but it never shows less than `window.min_feed_position`.
  virtual absl::StatusOr<ArticlePage> List(const ArticleFilter& filter, const ListWindow& window,
                                           ArticleView view, absl::Time deadline) = 0;

  // Makes a new revision, or nothing when nothing differs. Never changes the state. ABORTED
  // (ETAG_MISMATCH), FAILED_PRECONDITION (ARTICLE_DELETED).
  virtual absl::StatusOr<Article> Update(const ArticleUpdate& update, absl::Time deadline) = 0;

  // Update with the content of an older revision. REVISION_NOT_FOUND when there is no such.
  virtual absl::StatusOr<Article> Rollback(const ArticleRollback& rollback,
                                           absl::Time deadline) = 0;

  // See ApplyTransition. Makes no revision; nothing at all when the article is there already.
  virtual absl::StatusOr<Article> ChangeState(const StateChange& change, absl::Time deadline) = 0;

  // Revisions below `before` (0: all), newest first.
  virtual absl::StatusOr<RevisionPage> ListRevisions(absl::string_view id, int64_t before,
                                                     int limit, absl::Time deadline) = 0;

  // All of the page or nothing. Known by PageFingerprint: however many import the same page at
  // once, through whichever store, one of them stores it and all get the same articles.
  virtual absl::StatusOr<ImportedPage> ImportPage(const PageImport& page, absl::Time deadline) = 0;

  // The text of an imported page, byte for byte. NOT_FOUND (PAGE_NOT_FOUND).
  virtual absl::StatusOr<std::string> GetPageText(absl::string_view page_id,
                                                  absl::Time deadline) = 0;

  // Of published articles, most frequent first, then by label.
  virtual absl::StatusOr<std::vector<LabelCount>> CountTags(int limit, absl::Time deadline) = 0;
  virtual absl::StatusOr<std::vector<LabelCount>> CountSections(int limit, absl::Time deadline) = 0;

  // Stores what is new among `articles` (at most kMaxImportBatch, else INVALID_ARGUMENT) in one
  // transaction, and says of each what became of it, in their order. What an import has stored is
  // known by its content, for as long as the article is not purged; within one call too.
  virtual absl::StatusOr<std::vector<ImportedArticle>> ImportArticles(
      const std::vector<ArticleImport>& articles, absl::string_view author,
      absl::Time deadline) = 0;

  // Does what time asks for, in bounded steps: writes down scheduled moments that have come (each a
  // change in the feed; what calls answer does not wait for it), removes deleted articles whose
  // time is over, with their revisions and, with its last article, the page they were cut from, and
  // lets changes go that a newer one of the same article replaced longer ago than the feed's
  // retention. Any replica may call it, any time.
  virtual absl::StatusOr<Upkeep> KeepUp(absl::Time deadline) = 0;

  // The changes after position `after`, in the order of their commits: once a change has been seen,
  // no earlier one appears. Empty at the end of the feed. The newest change of every article is
  // always there, of a purged one the entry that says so: from 0 on every article that is not
  // purged comes at least once, and whoever goes on from a change that is still there misses no
  // article's newest state. INVALID_ARGUMENT (RESUME_TOKEN_AHEAD) on resume_token when the feed has
  // never reached `after`; OUT_OF_RANGE (RESUME_TOKEN_TOO_OLD) when the change at `after` is so old
  // that it has left the feed, and others after it too: begin again from 0. Whoever is far behind
  // may be served by a standby.
  virtual absl::StatusOr<std::vector<ArticleChange>> ReadChanges(int64_t after,
                                                                 const ChangeLimits& limits,
                                                                 absl::Time deadline) = 0;

  // Announces the newest position after each commit, from the start that of the last run, and soon
  // after it those of every other store over the same database.
  virtual ChangeSignal& change_signal() = 0;

  // OK when the store can answer.
  virtual absl::Status Check(absl::Time deadline) = 0;
};

}  // namespace cityinfo::articles
