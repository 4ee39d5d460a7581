#include "services/articles/storage/sql_article_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/sql/run_transaction.h"
#include "services/articles/domain/article_lifecycle.h"
#include "services/articles/domain/article_validation.h"
#include "services/articles/storage/article_rows.h"
#include "services/articles/storage/article_writes.h"
#include "services/articles/storage/bulk_import.h"
#include "services/articles/storage/change_rows.h"
#include "services/articles/storage/label_counts.h"
#include "services/articles/storage/list_query.h"
#include "services/articles/storage/page_rows.h"

namespace cityinfo::articles {
namespace {

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
      retention_{.deleted = options_.deleted_retention,
                 .changes = std::max(options_.change_retention, options_.request_ids.lifetime)},
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
                     Write write{.connection = connection, .now = Now(), .clock = clock_};
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

template <typename Request>
absl::StatusOr<Article> SqlArticleStore::Change(
    absl::StatusOr<Article> (*change)(Write&, const Request&, const RequestIdLimits&),
    const Request& request, absl::Time deadline) {
  CITY_RETURN_IF_ERROR(ValidateRequestId(request.request_id));
  CITY_ASSIGN_OR_RETURN(Article article, InWrite(deadline, [&](Write& write) {
                          return change(write, request, options_.request_ids);
                        }));
  AddPurgeTime(&article);
  return article;
}

void SqlArticleStore::AddPurgeTime(Article* article) const {
  if (article->delete_time) article->purge_time = *article->delete_time + retention_.deleted;
}

void SqlArticleStore::ShowAt(absl::Time now, std::vector<Article>* articles) const {
  for (Article& article : *articles) {
    Settle(now, &article);
    AddPurgeTime(&article);
  }
}

absl::StatusOr<Article> SqlArticleStore::Create(const NewArticle& article, absl::Time deadline) {
  CITY_RETURN_IF_ERROR(ValidateContent(article.content));
  CITY_RETURN_IF_ERROR(ValidateAuthor(article.author));
  return Change(CreateArticle, article, deadline);
}

absl::StatusOr<Article> SqlArticleStore::Update(const ArticleUpdate& update, absl::Time deadline) {
  CITY_RETURN_IF_ERROR(ValidateAuthor(update.author));
  return Change(UpdateArticle, update, deadline);
}

absl::StatusOr<Article> SqlArticleStore::Rollback(const ArticleRollback& rollback,
                                                  absl::Time deadline) {
  CITY_RETURN_IF_ERROR(ValidateAuthor(rollback.author));
  return Change(RollbackArticle, rollback, deadline);
}

absl::StatusOr<Article> SqlArticleStore::ChangeState(const StateChange& change,
                                                     absl::Time deadline) {
  return Change(ChangeArticleState, change, deadline);
}

absl::StatusOr<Article> SqlArticleStore::Get(absl::string_view id, int64_t revision,
                                             ArticleView view, absl::Time deadline) {
  const absl::Time now = Now();
  CITY_ASSIGN_OR_RETURN(Article article, InRead(deadline, [&](sql::Connection& connection) {
                          return ReadArticle(connection, id, revision, view);
                        }));
  Settle(now, &article);
  AddPurgeTime(&article);
  return article;
}

absl::StatusOr<std::vector<Article>> SqlArticleStore::BatchGet(const std::vector<std::string>& ids,
                                                               ArticleView view,
                                                               absl::Time deadline) {
  if (ids.empty()) return std::vector<Article>();
  const absl::Time now = Now();
  CITY_ASSIGN_OR_RETURN(std::vector<Article> articles,
                        InRead(deadline, [&](sql::Connection& connection) {
                          return view == ArticleView::kFull
                                     ? ReadArticlesWithTexts(connection, ids, kMaxBatchTextBytes)
                                     : ReadArticles(connection, ids, view);
                        }));
  ShowAt(now, &articles);
  return articles;
}

absl::StatusOr<ArticlePage> SqlArticleStore::List(const ArticleFilter& filter,
                                                  const ListWindow& window, ArticleView view,
                                                  absl::Time deadline) {
  // Those who write articles look for their drafts in the lists of the other states.
  const sql::Freshness freshness = filter.state == ArticleState::kPublished
                                       ? sql::Freshness::kMayTrail
                                       : sql::Freshness::kNewest;
  const absl::Time now = Now();
  CITY_ASSIGN_OR_RETURN(
      ArticlePage page,
      sql::InRead(*database_, deadline, freshness,
                  [&](sql::Connection& connection, bool standby) -> absl::StatusOr<ArticlePage> {
                    if (standby)
                      CITY_RETURN_IF_ERROR(HasReached(connection, window.min_feed_position));
                    return RunList(connection, filter, window, view, now);
                  }));
  ShowAt(now, &page.articles);
  return page;
}

absl::StatusOr<RevisionPage> SqlArticleStore::ListRevisions(absl::string_view id, int64_t before,
                                                            int limit, absl::Time deadline) {
  const absl::Time now = Now();
  RevisionPage page;
  CITY_ASSIGN_OR_RETURN(
      page.revisions,
      InRead(deadline, [&](sql::Connection& connection) -> absl::StatusOr<std::vector<Article>> {
        CITY_ASSIGN_OR_RETURN(const Article article,
                              ReadArticle(connection, id, 0, ArticleView::kBasic));
        return ReadRevisions(connection, article.sequence, before, limit + 1);
      }));
  if (page.revisions.size() > static_cast<size_t>(limit)) {
    page.revisions.pop_back();
    page.more = true;
  }
  ShowAt(now, &page.revisions);
  return page;
}

absl::StatusOr<ImportedPage> SqlArticleStore::ImportPage(const PageImport& page,
                                                         absl::Time deadline) {
  CITY_RETURN_IF_ERROR(ValidatePage(page));
  const std::string fingerprint = PageFingerprint(page);
  CITY_ASSIGN_OR_RETURN(ImportedPage imported, InWrite(deadline, [&](Write& write) {
                          return StorePage(write, page, fingerprint);
                        }));
  for (Article& article : imported.articles) AddPurgeTime(&article);
  return imported;
}

absl::StatusOr<std::vector<ImportedArticle>> SqlArticleStore::ImportArticles(
    const std::vector<ArticleImport>& articles, absl::string_view author, absl::Time deadline) {
  if (articles.size() > kMaxImportBatch) {
    return base::InvalidArgument("articles", absl::StrCat("at most ", kMaxImportBatch, " at once"),
                                 "TOO_MANY_ITEMS");
  }
  CITY_RETURN_IF_ERROR(ValidateAuthor(author));
  const BulkImport import(articles, author);
  return InWrite(deadline, [&](Write& write) { return import.Store(write); });
}

absl::StatusOr<Upkeep> SqlArticleStore::KeepUp(absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(const UpkeepNeeds needs, InRead(deadline, [&](sql::Connection& connection) {
                          return LookForUpkeep(connection, Now(), retention_);
                        }));
  Upkeep all{.next_due = needs.next_due};
  if (needs.settle) {
    CITY_ASSIGN_OR_RETURN(all, InWrite(deadline, SettleDue));
  }
  if (needs.purge) {
    CITY_ASSIGN_OR_RETURN(const Upkeep done, InWrite(deadline, [&](Write& write) {
                            return PurgeDeleted(write, retention_);
                          }));
    all.purged = done.purged;
    all.more |= done.more;
  }
  if (needs.trim) {
    CITY_ASSIGN_OR_RETURN(const Upkeep done, InWrite(deadline, [&](Write& write) {
                            return TrimChanges(write, retention_);
                          }));
    all.trimmed = done.trimmed;
    all.more |= done.more;
  }
  return all;
}

absl::StatusOr<std::string> SqlArticleStore::GetPageText(absl::string_view page_id,
                                                         absl::Time deadline) {
  return InRead(deadline,
                [&](sql::Connection& connection) { return ReadPageText(connection, page_id); });
}

absl::StatusOr<std::vector<LabelCount>> SqlArticleStore::CountTags(int limit, absl::Time deadline) {
  return sql::InRead(
      *database_, deadline, sql::Freshness::kMayTrail,
      [&](sql::Connection& connection, bool) { return CountTagsAt(connection, Now(), limit); });
}

absl::StatusOr<std::vector<LabelCount>> SqlArticleStore::CountSections(int limit,
                                                                       absl::Time deadline) {
  return sql::InRead(
      *database_, deadline, sql::Freshness::kMayTrail,
      [&](sql::Connection& connection, bool) { return CountSectionsAt(connection, Now(), limit); });
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
                         for (ArticleChange& change : changes) AddPurgeTime(&change.article);
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
