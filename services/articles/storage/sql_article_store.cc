#include "services/articles/storage/sql_article_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/id.h"
#include "platform/base/status_macros.h"
#include "platform/sql/run_transaction.h"
#include "services/articles/domain/article_validation.h"
#include "services/articles/storage/article_rows.h"
#include "services/articles/storage/change_rows.h"
#include "services/articles/storage/list_query.h"
#include "services/articles/storage/page_rows.h"

namespace cityinfo::articles {
namespace {

// Times are stored in microseconds; an answer must not say more than the next one will.
absl::Time ToStoredPrecision(absl::Time time) {
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

// Where stores over one database tell each other of commits.
constexpr char kChangeChannel[] = "changes";
// The longest look at the newest position after a notification; the next one comes soon anyway.
constexpr absl::Duration kLookTimeout = absl::Seconds(5);
// A follower of the feed this many changes behind is catching up, and may read from a standby.
constexpr int64_t kFarBehind = 256;

// Makes sql::InRead ask the primary.
absl::Status StandbyIsBehind() {
  return base::Unavailable("STANDBY_BEHIND", "the standby has not got that far");
}

// Whether a standby shows the change feed up to `position`.
absl::Status HasReached(sql::Connection& standby, int64_t position) {
  if (position == 0) return absl::OkStatus();
  CITY_ASSIGN_OR_RETURN(const int64_t reached, LastChangePosition(standby));
  return reached < position ? StandbyIsBehind() : absl::OkStatus();
}

absl::Status CheckWithinFeed(sql::Connection& connection, int64_t position) {
  CITY_ASSIGN_OR_RETURN(const int64_t last, LastChangePosition(connection));
  if (position >= 0 && position <= last) return absl::OkStatus();
  return base::InvalidArgument(
      "resume_token",
      absl::StrCat("position ", position, " lies outside this feed, which ends at ", last,
                   "; begin again from an empty token"),
      "RESUME_TOKEN_AHEAD");
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqlArticleStore>> SqlArticleStore::Over(
    std::unique_ptr<sql::Database> database, const Options& options) {
  std::unique_ptr<SqlArticleStore> store(new SqlArticleStore(std::move(database), options));
  CITY_RETURN_IF_ERROR(store->Look(absl::Now() + kLookTimeout));
  // A failed look is no one's to report: requests meet the same trouble and say so, and the watch
  // looks again.
  store->watch_ = store->database_->StartWatch(kChangeChannel, [self = store.get()] {
    self->Look(absl::Now() + kLookTimeout).IgnoreError();
  });
  return store;
}

SqlArticleStore::SqlArticleStore(std::unique_ptr<sql::Database> database, const Options& options)
    : options_(options),
      clock_(options_.clock != nullptr ? *options_.clock : base::SystemClock()),
      database_(std::move(database)) {}

absl::Status SqlArticleStore::Look(absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(const int64_t newest, InRead(deadline, LastChangePosition));
  signal_.Announce(newest);
  return absl::OkStatus();
}

template <typename Body>
auto SqlArticleStore::InWrite(absl::Time deadline, Body body)
    -> decltype(body(std::declval<Write&>())) {
  int64_t appended = 0;
  auto result =
      sql::InWrite(*database_, deadline,
                   [&](sql::Connection& connection) -> decltype(body(std::declval<Write&>())) {
                     Write write{.connection = connection, .now = ToStoredPrecision(clock_.Now())};
                     auto done = body(write);
                     appended = write.last_position;
                     if (!done.ok() || appended == 0) return done;
                     CITY_RETURN_IF_ERROR(connection.Notify(kChangeChannel));
                     return done;
                   });
  if (result.ok() && appended > 0) signal_.Announce(appended);
  return result;
}

template <typename Body>
auto SqlArticleStore::InRead(absl::Time deadline, Body body)
    -> decltype(body(std::declval<sql::Connection&>())) {
  return sql::InRead(*database_, deadline, sql::Freshness::kNewest,
                     [&](sql::Connection& connection, bool) { return body(connection); });
}

absl::Status SqlArticleStore::Append(Write& write, const Article& article) {
  CITY_ASSIGN_OR_RETURN(write.last_position, AppendChange(write.connection, article, write.now));
  return absl::OkStatus();
}

// Stores a new article as its first revision. `article` has its id, content and author.
absl::StatusOr<Article> SqlArticleStore::Insert(Write& write, Article article, bool publish) {
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

absl::StatusOr<Article> SqlArticleStore::Create(const NewArticle& article, absl::Time deadline) {
  CITY_RETURN_IF_ERROR(ValidateContent(article.content));
  CITY_RETURN_IF_ERROR(ValidateAuthor(article.author));
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

absl::StatusOr<Article> SqlArticleStore::Get(absl::string_view id, int64_t revision,
                                             ArticleView view, absl::Time deadline) {
  return InRead(deadline, [&](sql::Connection& connection) {
    return ReadArticle(connection, id, revision, view);
  });
}

absl::StatusOr<std::vector<Article>> SqlArticleStore::BatchGet(const std::vector<std::string>& ids,
                                                               ArticleView view,
                                                               absl::Time deadline) {
  if (ids.empty()) return std::vector<Article>();
  return InRead(deadline,
                [&](sql::Connection& connection) { return ReadArticles(connection, ids, view); });
}

absl::StatusOr<ArticlePage> SqlArticleStore::List(const ArticleFilter& filter,
                                                  const ListWindow& window, ArticleView view,
                                                  absl::Time deadline) {
  // Those who write articles look for their drafts in the lists of the other states.
  const sql::Freshness freshness = filter.state == ArticleState::kPublished
                                       ? sql::Freshness::kMayTrail
                                       : sql::Freshness::kNewest;
  return sql::InRead(*database_, deadline, freshness,
                     [&](sql::Connection& connection, bool standby) -> absl::StatusOr<ArticlePage> {
                       if (standby)
                         CITY_RETURN_IF_ERROR(HasReached(connection, window.min_feed_position));
                       return RunList(connection, filter, window, view);
                     });
}

absl::StatusOr<Article> SqlArticleStore::ChangeContent(Write& write, Article article,
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

absl::StatusOr<Article> SqlArticleStore::Update(const ArticleUpdate& update, absl::Time deadline) {
  CITY_RETURN_IF_ERROR(ValidateAuthor(update.author));
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

absl::StatusOr<Article> SqlArticleStore::Rollback(const ArticleRollback& rollback,
                                                  absl::Time deadline) {
  CITY_RETURN_IF_ERROR(ValidateAuthor(rollback.author));
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

absl::StatusOr<Article> SqlArticleStore::ChangeState(const StateChange& change,
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

absl::StatusOr<RevisionPage> SqlArticleStore::ListRevisions(absl::string_view id, int64_t before,
                                                            int limit, absl::Time deadline) {
  return InRead(deadline, [&](sql::Connection& connection) -> absl::StatusOr<RevisionPage> {
    CITY_ASSIGN_OR_RETURN(const Article article,
                          ReadArticle(connection, id, 0, ArticleView::kBasic));
    RevisionPage page;
    CITY_ASSIGN_OR_RETURN(page.revisions,
                          ReadRevisions(connection, article.sequence, before, limit + 1));
    if (page.revisions.size() > static_cast<size_t>(limit)) {
      page.revisions.pop_back();
      page.more = true;
    }
    return page;
  });
}

absl::StatusOr<ImportedPage> SqlArticleStore::ImportPage(const PageImport& page,
                                                         absl::Time deadline) {
  CITY_RETURN_IF_ERROR(ValidatePage(page));
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

absl::StatusOr<std::string> SqlArticleStore::GetPageText(absl::string_view page_id,
                                                         absl::Time deadline) {
  return InRead(deadline,
                [&](sql::Connection& connection) { return ReadPageText(connection, page_id); });
}

absl::StatusOr<std::vector<LabelCount>> SqlArticleStore::CountLabels(absl::string_view sql,
                                                                     int limit,
                                                                     absl::Time deadline) {
  using Counts = std::vector<LabelCount>;
  return sql::InRead(
      *database_, deadline, sql::Freshness::kMayTrail,
      [&](sql::Connection& connection, bool) -> absl::StatusOr<Counts> {
        CITY_ASSIGN_OR_RETURN(sql::Statement statement, connection.Prepare(sql));
        statement.BindAll(static_cast<int64_t>(ArticleState::kPublished), limit);
        Counts counts;
        CITY_RETURN_IF_ERROR(statement.ForEach([&](sql::Statement& row) {
          counts.push_back({.label = row.ColumnString(0), .count = row.ColumnInt64(1)});
        }));
        return counts;
      });
}

absl::StatusOr<std::vector<LabelCount>> SqlArticleStore::CountTags(int limit, absl::Time deadline) {
  return CountLabels(
      "SELECT t.tag, count(*) FROM article_tags t JOIN articles a ON a.seq = t.article_seq "
      "WHERE a.state = ?1 GROUP BY t.tag ORDER BY 2 DESC, 1 LIMIT ?2",
      limit, deadline);
}

absl::StatusOr<std::vector<LabelCount>> SqlArticleStore::CountSections(int limit,
                                                                       absl::Time deadline) {
  return CountLabels(
      "SELECT section, count(*) FROM articles WHERE state = ?1 AND section <> '' "
      "GROUP BY section ORDER BY 2 DESC, 1 LIMIT ?2",
      limit, deadline);
}

absl::StatusOr<std::vector<ArticleChange>> SqlArticleStore::ReadChanges(int64_t after,
                                                                        const ChangeLimits& limits,
                                                                        absl::Time deadline) {
  using Changes = std::vector<ArticleChange>;
  const sql::Freshness freshness =
      signal_.newest() - after > kFarBehind ? sql::Freshness::kMayTrail : sql::Freshness::kNewest;
  return sql::InRead(*database_, deadline, freshness,
                     [&](sql::Connection& connection, bool standby) -> absl::StatusOr<Changes> {
                       if (after >= 0) {
                         CITY_ASSIGN_OR_RETURN(Changes changes,
                                               ReadChangesAfter(connection, after, limits));
                         if (!changes.empty()) return changes;
                       }
                       // On a standby the end of the feed is not the end.
                       if (standby) return StandbyIsBehind();
                       CITY_RETURN_IF_ERROR(CheckWithinFeed(connection, after));
                       return Changes();
                     });
}

absl::Status SqlArticleStore::Check(absl::Time deadline) {
  return InRead(deadline,
                [](sql::Connection& connection) { return connection.QueryInt64("SELECT 1"); })
      .status();
}

}  // namespace cityinfo::articles
