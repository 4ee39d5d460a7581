#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "platform/sql/database.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/storage/request_ids.h"

namespace cityinfo::articles {

// ArticleStore over an SQL database, embedded (one SQLite file) or shared with any number of other
// stores in other processes (PostgreSQL). Thread-safe.
//
// Writers come one after another, in the order of sql::Connection::Begin: a newspaper makes few
// writes, and the change feed's order is then the order of the commits. Reads never wait for them.
class SqlArticleStore final : public ArticleStore {
 public:
  struct Options {
    RequestIdLimits request_ids;
    const base::Clock* clock = nullptr;  // The system's, if not given.
  };

  // `database` has the newest schema. See OpenArticleStore.
  static absl::StatusOr<std::unique_ptr<SqlArticleStore>> Over(
      std::unique_ptr<sql::Database> database, const Options& options);

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

  // For what a service says of its store: address and usage of the pools.
  const sql::Database& database() const { return *database_; }

 private:
  // A write under way: the connection in its transaction, the moment it counts as, and the last
  // change it appended, to be announced once it is committed.
  struct Write {
    sql::Connection& connection;
    absl::Time now;
    int64_t last_position = 0;
  };

  SqlArticleStore(std::unique_ptr<sql::Database> database, const Options& options);

  // Runs `body(Write&)`, which returns a StatusOr, in a write transaction; commits when it
  // succeeds, and announces what it appended.
  template <typename Body>
  auto InWrite(absl::Time deadline, Body body) -> decltype(body(std::declval<Write&>()));

  // Runs `body(sql::Connection&)`, which returns a StatusOr, on the primary at one moment.
  template <typename Body>
  auto InRead(absl::Time deadline, Body body) -> decltype(body(std::declval<sql::Connection&>()));

  static absl::Status Append(Write& write, const Article& article);
  static absl::StatusOr<Article> Insert(Write& write, Article article, bool publish);
  static absl::StatusOr<Article> ChangeContent(Write& write, Article article,
                                               ArticleContent content, absl::string_view author,
                                               absl::string_view summary);
  absl::StatusOr<std::vector<LabelCount>> CountLabels(absl::string_view sql, int limit,
                                                      absl::Time deadline);
  // Reads the newest position and announces it.
  absl::Status Look(absl::Time deadline);

  const Options options_;
  const base::Clock& clock_;
  ChangeSignal signal_;
  const std::unique_ptr<sql::Database> database_;
  std::unique_ptr<sql::Watch> watch_;  // Ends before what its callback uses.
};

}  // namespace cityinfo::articles
