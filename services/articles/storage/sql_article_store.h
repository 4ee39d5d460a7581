#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "platform/sql/database.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/storage/request_ids.h"
#include "services/articles/storage/upkeep.h"
#include "services/articles/storage/write.h"

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
    // How long a deleted article can be brought back before KeepUp removes it for good.
    absl::Duration deleted_retention = absl::Hours(24 * 30);
    // How long the feed keeps changes that newer ones have replaced. At least as long as request
    // ids are remembered: their answers are there.
    absl::Duration change_retention = absl::Hours(24 * 90);
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
  absl::StatusOr<std::vector<ImportedArticle>> ImportArticles(
      const std::vector<ArticleImport>& articles, absl::string_view author,
      absl::Time deadline) override;
  absl::StatusOr<Upkeep> KeepUp(absl::Time deadline) override;
  absl::StatusOr<std::vector<ArticleChange>> ReadChanges(int64_t after, const ChangeLimits& limits,
                                                         absl::Time deadline) override;
  ChangeSignal& change_signal() override { return signal_; }
  absl::Status Check(absl::Time deadline) override;

  // For what a service says of its store: address and usage of the pools.
  const sql::Database& database() const { return *database_; }

  // Whether other processes may write to the same database.
  bool is_shared() const { return watch_ != nullptr; }

 private:
  SqlArticleStore(std::unique_ptr<sql::Database> database, const Options& options);

  // Runs `body(Write&)`, which returns a StatusOr, in a write transaction; commits when it
  // succeeds, and announces what it appended.
  template <typename Body>
  auto InWrite(absl::Time deadline, Body body) -> decltype(body(std::declval<Write&>()));

  // Runs `body(sql::Connection&)`, which returns a StatusOr, on the primary at one moment.
  template <typename Body>
  auto InRead(absl::Time deadline, Body body) -> decltype(body(std::declval<sql::Connection&>()));

  // InWrite for what ends with an article.
  template <typename Request>
  absl::StatusOr<Article> Change(absl::StatusOr<Article> (*change)(Write&, const Request&,
                                                                   const RequestIdLimits&),
                                 const Request& request, absl::Time deadline);

  absl::Time Now() const { return ToStoredPrecision(clock_.Now()); }
  // When a deleted article is purged follows from the settings.
  void AddPurgeTime(Article* article) const;
  // Brings what was read to how it stands at `now`.
  void ShowAt(absl::Time now, std::vector<Article>* articles) const;

  // Reads the newest position and announces it.
  absl::Status Look(absl::Time deadline);

  const Options options_;
  const Retention retention_;
  const base::Clock& clock_;
  ChangeSignal signal_;
  const std::unique_ptr<sql::Database> database_;
  std::unique_ptr<sql::Watch> watch_;  // Ends before what its callback uses.
};

}  // namespace cityinfo::articles
