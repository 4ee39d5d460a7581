#include "services/articles/storage/sqlite_article_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/id.h"
#include "platform/base/status_macros.h"
#include "services/articles/domain/article_validation.h"
#include "services/articles/storage/article_rows.h"
#include "services/articles/storage/change_rows.h"
#include "services/articles/storage/list_query.h"
#include "services/articles/storage/page_rows.h"
#include "services/articles/storage/schema.h"

namespace cityinfo::articles {
namespace {

// Times are stored in microseconds; an answer must not say more than the next one will.
absl::Time ToStoredPrecision(absl::Time time) {
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

// SQLite looks at the deadline only now and then; whoever has stopped waiting must not find the
// write done.
absl::Status StillAwaited(absl::Time deadline) {
  if (absl::Now() < deadline) return absl::OkStatus();
  return base::DeadlineExceeded("the caller's time was up before the write was done");
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteArticleStore>> SqliteArticleStore::Open(Options options) {
  CITY_ASSIGN_OR_RETURN(std::unique_ptr<sqlite::Database> database,
                        sqlite::Database::Open({.path = options.path,
                                                .readers = options.readers,
                                                .synchronous = options.synchronous,
                                                .migrations = ArticleMigrations()}));
  std::unique_ptr<SqliteArticleStore> store(
      new SqliteArticleStore(std::move(options), std::move(database)));
  CITY_ASSIGN_OR_RETURN(sqlite::Lease lease, store->database_->Read());
  CITY_ASSIGN_OR_RETURN(const int64_t last, LastChangePosition(*lease));
  store->signal_.Announce(last);
  return store;
}

SqliteArticleStore::SqliteArticleStore(Options options, std::unique_ptr<sqlite::Database> database)
    : options_(std::move(options)),
      clock_(options_.clock != nullptr ? *options_.clock : base::SystemClock()),
      database_(std::move(database)) {}

template <typename Body>
auto SqliteArticleStore::InWrite(absl::Time deadline, Body body)
    -> decltype(body(std::declval<Write&>())) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease lease, database_->Write(deadline));
  CITY_ASSIGN_OR_RETURN(sqlite::Transaction transaction, sqlite::Transaction::Begin(*lease));
  Write write{.connection = *lease, .now = ToStoredPrecision(clock_.Now())};
  auto result = body(write);
  if (!result.ok()) return result;
  CITY_RETURN_IF_ERROR(StillAwaited(deadline));
  CITY_RETURN_IF_ERROR(transaction.Commit());
  if (write.last_position > 0) signal_.Announce(write.last_position);
  return result;
}

absl::Status SqliteArticleStore::Append(Write& write, const Article& article) {
  CITY_ASSIGN_OR_RETURN(write.last_position, AppendChange(write.connection, article, write.now));
  return absl::OkStatus();
}

// Stores a new article as its first revision. `article` has its id, content and author.
absl::StatusOr<Article> SqliteArticleStore::Insert(Write& write, Article article, bool publish) {
  article.version = article.revision = article.newest_revision = 1;
  article.state = ArticleState::kDraft;
  article.excerpt = MakeExcerpt(article.content);
  article.summary = article.source_page.empty() ? "created" : "imported from a page";
  article.create_time = article.update_time = write.now;
  if (publish) {
    CITY_RETURN_IF_ERROR(ApplyTransition(Transition::kPublish, write.now, &article).status());
  }
  CITY_RETURN_IF_ERROR(InsertArticle(write.connection, &article));
  CITY_RETURN_IF_ERROR(Append(write, article));
  return article;
}

absl::StatusOr<Article> SqliteArticleStore::Create(const NewArticle& article, absl::Time deadline) {
  CITY_RETURN_IF_ERROR(ValidateContent(article.content));
  CITY_RETURN_IF_ERROR(ValidateRequestId(article.request_id));
  const std::string fingerprint =
      absl::StrCat(ContentFingerprint(article.content), article.publish ? "+published" : "");
  return InWrite(deadline, [&](Write& write) -> absl::StatusOr<Article> {
    if (!article.request_id.empty()) {
      CITY_ASSIGN_OR_RETURN(const std::optional<int64_t> made,
                            FindRequest(write.connection, article.request_id, fingerprint,
                                        write.now - options_.request_ids.lifetime));
      if (made) {
        CITY_ASSIGN_OR_RETURN(std::vector<ArticleChange> first,
                              ReadChangesAfter(write.connection, *made - 1, {.changes = 1}));
        if (first.empty()) return base::DataLoss("STORE_CORRUPT", "the change feed lacks an entry");
        return std::move(first.front().article);
      }
    }
    Article made{.id = base::NewId(clock_), .content = article.content, .author = article.author};
    CITY_ASSIGN_OR_RETURN(made, Insert(write, std::move(made), article.publish));
    if (!article.request_id.empty()) {
      CITY_RETURN_IF_ERROR(RememberRequest(write.connection, article.request_id, fingerprint,
                                           write.last_position, write.now, options_.request_ids));
    }
    return made;
  });
}

absl::StatusOr<Article> SqliteArticleStore::Get(absl::string_view id, int64_t revision,
                                                ArticleView view, absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease lease, database_->Read(deadline));
  return ReadArticle(*lease, id, revision, view);
}

absl::StatusOr<std::vector<Article>> SqliteArticleStore::BatchGet(
    const std::vector<std::string>& ids, ArticleView view, absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease lease, database_->Read(deadline));
  CITY_ASSIGN_OR_RETURN(sqlite::Transaction moment,
                        sqlite::Transaction::Begin(*lease, sqlite::Transaction::Mode::kRead));
  std::vector<Article> articles;
  for (const std::string& id : ids) {
    CITY_ASSIGN_OR_RETURN(Article article, ReadArticle(*lease, id, 0, view));
    articles.push_back(std::move(article));
  }
  return articles;
}

absl::StatusOr<ArticlePage> SqliteArticleStore::List(const ArticleFilter& filter,
                                                     const ListWindow& window, ArticleView view,
                                                     absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease lease, database_->Read(deadline));
  return RunList(*lease, filter, window, view);
}

absl::StatusOr<Article> SqliteArticleStore::ChangeContent(Write& write, Article article,
                                                          ArticleContent content,
                                                          absl::string_view author,
                                                          absl::string_view summary) {
  if (content == article.content) return article;
  CITY_RETURN_IF_ERROR(ValidateContent(content));
  article.content = std::move(content);
  article.excerpt = MakeExcerpt(article.content);
  article.version += 1;
  article.revision = article.newest_revision = article.newest_revision + 1;
  article.author = std::string(author);
  article.summary = std::string(summary);
  article.was_public = article.state == ArticleState::kPublished;
  article.update_time = write.now;
  CITY_RETURN_IF_ERROR(InsertNextRevision(write.connection, article));
  CITY_RETURN_IF_ERROR(Append(write, article));
  return article;
}

absl::StatusOr<Article> SqliteArticleStore::Update(const ArticleUpdate& update,
                                                   absl::Time deadline) {
  return InWrite(deadline, [&](Write& write) -> absl::StatusOr<Article> {
    CITY_ASSIGN_OR_RETURN(Article article,
                          ReadArticle(write.connection, update.id, 0, ArticleView::kFull));
    CITY_RETURN_IF_ERROR(CheckEtag(article, update.etag));
    CITY_RETURN_IF_ERROR(CheckEditable(article));
    ArticleContent content = ApplyPatch(update.patch, article.content);
    const std::string summary = DescribeDifference(article.content, content);
    return ChangeContent(write, std::move(article), std::move(content), update.author, summary);
  });
}

absl::StatusOr<Article> SqliteArticleStore::Rollback(const ArticleRollback& rollback,
                                                     absl::Time deadline) {
  return InWrite(deadline, [&](Write& write) -> absl::StatusOr<Article> {
    CITY_ASSIGN_OR_RETURN(Article article,
                          ReadArticle(write.connection, rollback.id, 0, ArticleView::kFull));
    CITY_RETURN_IF_ERROR(CheckEtag(article, rollback.etag));
    CITY_RETURN_IF_ERROR(CheckEditable(article));
    CITY_ASSIGN_OR_RETURN(Article old, ReadArticle(write.connection, rollback.id, rollback.revision,
                                                   ArticleView::kFull));
    return ChangeContent(write, std::move(article), std::move(old.content), rollback.author,
                         absl::StrCat("back to revision ", rollback.revision));
  });
}

absl::StatusOr<Article> SqliteArticleStore::ChangeState(const StateChange& change,
                                                        absl::Time deadline) {
  return InWrite(deadline, [&](Write& write) -> absl::StatusOr<Article> {
    CITY_ASSIGN_OR_RETURN(Article article,
                          ReadArticle(write.connection, change.id, 0, ArticleView::kFull));
    CITY_RETURN_IF_ERROR(CheckEtag(article, change.etag));
    CITY_ASSIGN_OR_RETURN(const bool changed,
                          ApplyTransition(change.transition, write.now, &article));
    if (!changed) return article;
    CITY_RETURN_IF_ERROR(UpdateState(write.connection, article));
    CITY_RETURN_IF_ERROR(Append(write, article));
    return article;
  });
}

absl::StatusOr<RevisionPage> SqliteArticleStore::ListRevisions(absl::string_view id, int64_t before,
                                                               int limit, absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease lease, database_->Read(deadline));
  CITY_ASSIGN_OR_RETURN(const Article article, ReadArticle(*lease, id, 0, ArticleView::kBasic));
  RevisionPage page;
  CITY_ASSIGN_OR_RETURN(page.revisions, ReadRevisions(*lease, article.sequence, before, limit + 1));
  if (page.revisions.size() > static_cast<size_t>(limit)) {
    page.revisions.pop_back();
    page.more = true;
  }
  return page;
}

absl::StatusOr<ImportedPage> SqliteArticleStore::ImportPage(const PageImport& page,
                                                            absl::Time deadline) {
  for (const ArticleContent& content : page.articles)
    CITY_RETURN_IF_ERROR(ValidateContent(content));
  const std::string fingerprint = PageFingerprint(page);
  return InWrite(deadline, [&](Write& write) -> absl::StatusOr<ImportedPage> {
    ImportedPage imported;
    CITY_ASSIGN_OR_RETURN(std::optional<std::string> known,
                          FindPage(write.connection, fingerprint));
    if (known) {
      imported.page_id = *std::move(known);
      imported.already_imported = true;
      CITY_ASSIGN_OR_RETURN(imported.articles,
                            ReadPageArticles(write.connection, imported.page_id));
      return imported;
    }
    imported.page_id = base::NewId(clock_);
    CITY_RETURN_IF_ERROR(
        InsertPage(write.connection, imported.page_id, fingerprint, page, write.now));
    for (const ArticleContent& content : page.articles) {
      Article article{.id = base::NewId(clock_),
                      .content = content,
                      .source_page = imported.page_id,
                      .author = page.author};
      CITY_ASSIGN_OR_RETURN(article, Insert(write, std::move(article), page.publish));
      imported.articles.push_back(std::move(article));
    }
    return imported;
  });
}

absl::StatusOr<std::string> SqliteArticleStore::GetPageText(absl::string_view page_id,
                                                            absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease lease, database_->Read(deadline));
  return ReadPageText(*lease, page_id);
}

absl::StatusOr<std::vector<LabelCount>> SqliteArticleStore::CountLabels(absl::string_view sql,
                                                                        int limit,
                                                                        absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease lease, database_->Read(deadline));
  CITY_ASSIGN_OR_RETURN(sqlite::Statement statement, lease->Prepare(sql));
  statement.BindAll(static_cast<int64_t>(ArticleState::kPublished), limit);
  std::vector<LabelCount> counts;
  CITY_RETURN_IF_ERROR(statement.ForEach([&](sqlite::Statement& row) {
    counts.push_back({.label = row.ColumnString(0), .count = row.ColumnInt64(1)});
  }));
  return counts;
}

absl::StatusOr<std::vector<LabelCount>> SqliteArticleStore::CountTags(int limit,
                                                                      absl::Time deadline) {
  return CountLabels(
      "SELECT t.tag, count(*) FROM article_tags t JOIN articles a ON a.seq = t.article_seq "
      "WHERE a.state = ?1 GROUP BY t.tag ORDER BY 2 DESC, 1 LIMIT ?2",
      limit, deadline);
}

absl::StatusOr<std::vector<LabelCount>> SqliteArticleStore::CountSections(int limit,
                                                                          absl::Time deadline) {
  return CountLabels(
      "SELECT section, count(*) FROM articles WHERE state = ?1 AND section <> '' "
      "GROUP BY section ORDER BY 2 DESC, 1 LIMIT ?2",
      limit, deadline);
}

absl::StatusOr<std::vector<ArticleChange>> SqliteArticleStore::ReadChanges(
    int64_t after, const ChangeLimits& limits, absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease lease, database_->Read(deadline));
  CITY_ASSIGN_OR_RETURN(const int64_t last, LastChangePosition(*lease));
  if (after < 0 || after > last) {
    return base::InvalidArgument(
        "resume_token",
        absl::StrCat("position ", after, " lies outside this feed, which ends at ", last,
                     "; begin again from an empty token"),
        "RESUME_TOKEN_AHEAD");
  }
  return ReadChangesAfter(*lease, after, limits);
}

absl::Status SqliteArticleStore::Check(absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease lease, database_->Read(deadline));
  return lease->QueryInt64("SELECT 1").status();
}

}  // namespace cityinfo::articles
