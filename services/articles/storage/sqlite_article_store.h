#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "platform/sqlite/database.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/storage/request_ids.h"

namespace cityinfo::articles {

// ArticleStore in one SQLite file, the embedded default. One process at a time may have the file
// open; a second is refused when it opens it. Thread-safe.
class SqliteArticleStore final : public ArticleStore {
 public:
  struct Options {
    std::string path;
    int readers = 4;
    // Tests that make many writes may trade durability over a power cut (not over a crash) for
    // speed.
    sqlite::Synchronous synchronous = sqlite::Synchronous::kFull;
    RequestIdLimits request_ids;
    const base::Clock* clock = nullptr;  // The system's, if not given.
  };

  // Creates or migrates the file. Errors are written for operators and name the file.
  static absl::StatusOr<std::unique_ptr<SqliteArticleStore>> Open(Options options);

  absl::StatusOr<Article> Create(const NewArticle& article, absl::Time deadline) override;
  absl::StatusOr<Article> Get(absl::string_view id, int64_t revision, ArticleView view,
                              absl::Time deadline) override;
  absl::StatusOr<std::vector<Article>> BatchGet(const std::vector<std::string>& ids,
                                                ArticleView view, absl::Time deadline) override;
  absl::StatusOr<ArticlePage> List(const ArticleFilter& filter, const ListWindow& window,
                                   ArticleView view, absl::Time deadline) override;
  absl::StatusOr<Article> Update(const ArticleUpdate& update, absl::Time deadline) override;
  absl::StatusOr<Article> Rollback(const ArticleRollback& rollback, absl::Time deadline) override;
  absl::StatusOr<Article> ChangeState(const StateChange& change, absl::Time deadline) override;
  absl::StatusOr<RevisionPage> ListRevisions(absl::string_view id, int64_t before, int limit,
                                             absl::Time deadline) override;
  absl::StatusOr<ImportedPage> ImportPage(const PageImport& page, absl::Time deadline) override;
  absl::StatusOr<std::string> GetPageText(absl::string_view page_id, absl::Time deadline) override;
  absl::StatusOr<std::vector<LabelCount>> CountTags(int limit, absl::Time deadline) override;
  absl::StatusOr<std::vector<LabelCount>> CountSections(int limit, absl::Time deadline) override;
  absl::StatusOr<std::vector<ArticleChange>> ReadChanges(int64_t after, const ChangeLimits& limits,
                                                         absl::Time deadline) override;
  ChangeSignal& change_signal() override { return signal_; }
  absl::Status Check(absl::Time deadline) override;

 private:
  // A write under way: the connection in its transaction, the moment it counts as, and the last
  // change it appended, to be announced once it is committed.
  struct Write {
    sqlite::Connection& connection;
    absl::Time now;
    int64_t last_position = 0;
  };

  SqliteArticleStore(Options options, std::unique_ptr<sqlite::Database> database);

  // Runs `body(Write&)`, which returns a StatusOr, in a write transaction; commits when it
  // succeeds.
  template <typename Body>
  auto InWrite(absl::Time deadline, Body body) -> decltype(body(std::declval<Write&>()));

  static absl::Status Append(Write& write, const Article& article);
  static absl::StatusOr<Article> Insert(Write& write, Article article, bool publish);
  static absl::StatusOr<Article> ChangeContent(Write& write, Article article,
                                               ArticleContent content, absl::string_view author,
                                               absl::string_view summary);
  absl::StatusOr<std::vector<LabelCount>> CountLabels(absl::string_view sql, int limit,
                                                      absl::Time deadline);

  const Options options_;
  const base::Clock& clock_;
  const std::unique_ptr<sqlite::Database> database_;
  ChangeSignal signal_;
};

}  // namespace cityinfo::articles
