#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/sql/pool.h"
#include "platform/sqlite/file_lock.h"
#include "services/articles/domain/article.h"
#include "services/articles/domain/article_search.h"
#include "services/articles/search/found_page.h"
#include "services/articles/search/index_lookups.h"
#include "services/articles/search/query_language.h"
#include "services/articles/search/row_layout.h"

namespace cityinfo::articles {

// The search's own copy of what articles say: one SQLite file, built from the change feed and worth
// nothing: whoever loses it builds it again. It holds PUBLISHED and SCHEDULED articles; which of
// them are public is decided at the `now` of each question.
//
// One writer (Apply) and several readers at once; readers see whole Apply calls only. Thread-safe.
// Errors are those of platform/sqlite; a call that runs into its deadline is DEADLINE_EXCEEDED. A
// call that finds the file damaged replaces it by an empty one and gives DATA_LOSS.
class SearchIndex {
 public:
  struct Options {
    std::string path;  // Its folder is created if missing.
    int readers = 4;   // Questions answered at one time; further ones wait.
    // Bytes of pages that all connections together keep in memory, about.
    size_t cache_bytes = 128 << 20;
    RowLayout layout;  // Of a new file.
  };

  // Opens the file, or begins an empty one where there is none, where it is no database or damaged,
  // and where its schema or folding is not this program's; then fresh_because() says why.
  // FAILED_PRECONDITION (STORE_IN_USE) when another process has it.
  static absl::StatusOr<std::unique_ptr<SearchIndex>> Open(const Options& options);
  ~SearchIndex();

  // Empty when Open took the file as it found it; else why it was begun anew, for the log.
  absl::string_view fresh_because() const { return fresh_because_; }

  // The change feed up to here is in the index; 0: nothing is. It goes back to 0 whenever the file
  // has to be built anew: an Apply found a day full, or any call found it damaged. So whoever
  // follows the feed always continues from here, and looks from time to time.
  int64_t position() const { return position_; }

  // MarkOf (feed_mark.h) the change at position(); empty when nothing is in the index.
  std::string mark() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Bytes on the disk, of the file and of what is not moved into it yet.
  int64_t file_bytes() const;

  // Takes `changes` (in the feed's order) up, in one transaction, and notes that the feed up to
  // `position` is there. Changes up to position() are there already and do not count. Large calls
  // are much cheaper than small ones: thousands of changes at once while catching up.
  absl::Status Apply(const std::vector<ArticleChange>& changes, int64_t position,
                     absl::Time deadline);

  // Begins an empty file; position() is 0. For when the feed no longer goes on from position(), or
  // is another one.
  absl::Status Clear(absl::Time deadline) ABSL_LOCKS_EXCLUDED(mutex_);

  // One page of the articles that `query` asks for and that are public at `now`. INVALID_ARGUMENT:
  // QUERY_EMPTY on query, INVALID_PAGE_TOKEN on page_token.
  //
  // kNewest: by publish_date, then sequence, both descending. kRelevance: of the newest matches and
  // the newest matches in a title (bounded numbers) the best first, then the others as in kNewest,
  // so that walking to the end gives every match. The order depends on the articles only, so that a
  // walk may go over several replicas. It neither skips nor repeats an article that was there at
  // the start and has kept its content, whatever is added.
  absl::StatusOr<FoundPage> Find(const SearchQuery& query, absl::Time now, absl::Time deadline);

  // Ids of articles public at `now` whose title holds `text` (folded here), those whose title
  // begins with it first, then newest first. Looks at the newest kMaxSuggestedTitles.
  absl::StatusOr<std::vector<std::string>> TitlesWith(absl::string_view text, int limit,
                                                      absl::Time now, absl::Time deadline);

  // Tags of PUBLISHED articles that begin with `prefix` (folded here), most frequent first, then by
  // label. Looks at kMaxSuggestedTags.
  absl::StatusOr<std::vector<LabelCount>> TagsWithPrefix(absl::string_view prefix, int limit,
                                                         absl::Time deadline);

  // The articles public at `now` with the greatest sum of weight × rarity over the terms that they
  // hold, best first, then newest. The first kMaxTerms terms count, of a term its first
  // kMaxTermCodePoints, and its newest kMaxTermDocuments articles. Of a term of more than two
  // characters its pairs are looked up. `except` is the id of an article that is not wanted.
  absl::StatusOr<std::vector<ScoredArticle>> BestFor(const std::vector<WeightedTerm>& terms,
                                                     absl::string_view except, int limit,
                                                     absl::Time now, absl::Time deadline);

  // Moves what was written into the main file; for an orderly end.
  absl::Status Checkpoint();

 private:
  // The connections to one file. Questions hold the file while they run, so that a new one can take
  // its place when there are none.
  struct File {
    explicit File(const Options& options);

    sql::Pool writer;
    sql::Pool readers;
  };
  using Question = std::function<absl::Status(IndexReader&)>;

  SearchIndex(Options options, sqlite::FileLock lock);
  // Opens what is there. A sentence when it has to be begun anew.
  absl::StatusOr<std::string> OpenFile() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes away what is there and begins an empty one.
  absl::Status BeginFile(const RowLayout& layout) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // BeginFile, unless somebody else has been faster.
  absl::Status ReplaceFile(int64_t generation, const RowLayout& layout) ABSL_LOCKS_EXCLUDED(mutex_);
  void TakeUp(const IndexState& state) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Writes in one transaction. False: a day is full.
  absl::StatusOr<bool> Write(const std::vector<ArticleChange>& changes, int64_t position,
                             absl::Time deadline) ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // Asks one moment of the index.
  absl::Status Ask(absl::Time now, absl::Time deadline, const Question& question)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status AskFile(absl::Time now, absl::Time deadline, const Question& question)
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const Options options_;
  const sqlite::FileLock lock_;
  std::string fresh_because_;  // Set by Open.
  mutable absl::Mutex mutex_;
  std::unique_ptr<File> file_ ABSL_GUARDED_BY(mutex_);  // Null when no new one could be begun.
  int64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;      // Counts the files.
  RowLayout layout_ ABSL_GUARDED_BY(mutex_);
  std::atomic<int64_t> position_ = 0;
  mutable absl::Mutex mark_mutex_;
  std::string mark_ ABSL_GUARDED_BY(mark_mutex_);
};

}  // namespace cityinfo::articles
