#include "services/articles/storage/change_rows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/articles/storage/article_rows.h"
#include "services/articles/storage/insert_rows.h"

namespace cityinfo::articles {
namespace {

// What comes after the article's columns. The last two are of the whole feed: how far it has been
// trimmed, and whether the change the reader stands at is still there.
constexpr char kOfTheChange[] =
    ", c.position, c.commit_time, c.purged_id, c.article_seq, "
    "(SELECT floor FROM feed_trim), EXISTS (SELECT 1 FROM changes s WHERE s.position = ?1)";

constexpr char kWithItsText[] =
    "LEFT JOIN articles a ON a.seq = c.article_seq "
    "LEFT JOIN revisions r ON r.article_seq = c.article_seq AND r.revision = c.revision ";

// SQLite reads row by row and stops where the reader does. PostgreSQL sends the whole answer, so it
// has to be told how many bytes of text are wanted; it knows their number without reading them.
// The number of rows is no parameter, because PostgreSQL keeps a plan for all values.
std::string ChangesAfter(sql::Dialect dialect, int limit) {
  if (dialect == sql::Dialect::kSqlite) {
    return absl::StrCat("changes c ", kWithItsText,
                        "WHERE c.position > ?1 ORDER BY c.position LIMIT ", limit);
  }
  return absl::StrCat(
      "(SELECT n.*, sum(coalesce(octet_length(t.text), 0)) OVER (ORDER BY n.position) - ",
      "coalesce(octet_length(t.text), 0) AS bytes_before FROM changes n LEFT JOIN revisions t ",
      "ON t.article_seq = n.article_seq AND t.revision = n.revision ",
      "WHERE n.position > ?1 ORDER BY n.position LIMIT ", limit, ") c ", kWithItsText,
      "WHERE c.bytes_before = 0 OR c.bytes_before < ?2 ORDER BY c.position");
}

std::optional<int64_t> ToMicros(const std::optional<absl::Time>& time) {
  if (!time) return std::nullopt;
  return absl::ToUnixMicros(*time);
}

absl::Status TooOld(int64_t after) {
  absl::Status error =
      base::MakeError(absl::StatusCode::kOutOfRange, "RESUME_TOKEN_TOO_OLD",
                      absl::StrCat("changes after position ", after,
                                   " have left the feed; begin again with an empty resume_token"));
  base::AddFieldViolation(&error, "resume_token", "is older than what the feed keeps");
  return error;
}

absl::StatusOr<ArticleChange> ChangeFromRow(const sql::Statement& row) {
  int i = ArticleColumnCount(ArticleView::kFull);
  ArticleChange change;
  change.position = row.ColumnInt64(i++);
  change.commit_time = absl::FromUnixMicros(row.ColumnInt64(i++));
  change.purged = !row.ColumnIsNull(i);
  if (change.purged) {
    change.article.id = row.ColumnString(i++);
    change.article.sequence = row.ColumnInt64(i++);
    change.article.state = ArticleState::kDeleted;
    return change;
  }
  CITY_ASSIGN_OR_RETURN(change.article, ArticleFromRow(row, ArticleView::kFull));
  return change;
}

// Whether a reader that stands at `after` is told so by the row of a later change.
bool MayGoOn(const sql::Statement& row, int64_t after) {
  const int i = ArticleColumnCount(ArticleView::kFull) + 4;
  return after == 0 || after >= row.ColumnInt64(i) || row.ColumnBool(i + 1);
}

}  // namespace

absl::StatusOr<int64_t> LastChangePosition(sql::Connection& connection) {
  return connection.QueryInt64("SELECT coalesce(max(position), 0) FROM changes");
}

absl::StatusOr<int64_t> LastChangeOf(sql::Connection& connection, int64_t sequence) {
  return connection.QueryInt64("SELECT max(position) FROM changes WHERE article_seq = ?", sequence);
}

absl::StatusOr<int64_t> AppendChanges(sql::Connection& connection,
                                      std::span<const Article> articles, absl::Time now) {
  CITY_ASSIGN_OR_RETURN(int64_t position, LastChangePosition(connection));
  CITY_RETURN_IF_ERROR(InsertRows(
      connection,
      {.into = "changes (position, article_seq, revision, version, state, first_publish_time, "
               "publish_time, unpublish_time, delete_time, was_public, commit_time)",
       .values = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      articles.size(), [&](RowValues& values, size_t i) {
        const Article& article = articles[i];
        values.Add(++position, article.sequence, article.revision, article.version,
                   static_cast<int64_t>(article.state), ToMicros(article.first_publish_time),
                   ToMicros(article.publish_time), ToMicros(article.unpublish_time),
                   ToMicros(article.delete_time), article.was_public, absl::ToUnixMicros(now));
      }));
  return position;
}

absl::StatusOr<int64_t> AppendPurge(sql::Connection& connection, const Article& article,
                                    absl::Time now) {
  CITY_ASSIGN_OR_RETURN(const int64_t last, LastChangePosition(connection));
  // Before the others go: a position is never given twice.
  CITY_RETURN_IF_ERROR(connection.Run(
      "INSERT INTO changes (position, article_seq, revision, version, state, purged_id, "
      "commit_time) VALUES (?, ?, 0, ?, ?, ?, ?)",
      last + 1, article.sequence, article.version, static_cast<int64_t>(ArticleState::kDeleted),
      article.id, absl::ToUnixMicros(now)));
  CITY_RETURN_IF_ERROR(connection.Run("DELETE FROM changes WHERE article_seq = ? AND position <= ?",
                                      article.sequence, last));
  return last + 1;
}

absl::StatusOr<std::vector<ArticleChange>> ReadChangesAfter(sql::Connection& connection,
                                                            int64_t after,
                                                            const ChangeLimits& limits) {
  const sql::Dialect dialect = connection.dialect();
  CITY_ASSIGN_OR_RETURN(
      sql::Statement statement,
      connection.Prepare(absl::StrCat("SELECT ", ChangedArticleColumns(), kOfTheChange, " FROM ",
                                      ChangesAfter(dialect, limits.changes))));
  statement.Bind(1, after);
  if (dialect == sql::Dialect::kPostgres) statement.Bind(2, limits.text_bytes);
  std::vector<ArticleChange> changes;
  size_t bytes = 0;
  while (changes.empty() || bytes < limits.text_bytes) {
    CITY_ASSIGN_OR_RETURN(const bool more, statement.Step());
    if (!more) break;
    if (changes.empty() && !MayGoOn(statement, after)) return TooOld(after);
    CITY_ASSIGN_OR_RETURN(ArticleChange change, ChangeFromRow(statement));
    for (const Block& block : change.article.content.blocks) bytes += block.text.size();
    changes.push_back(std::move(change));
  }
  return changes;
}

absl::StatusOr<std::optional<Article>> ReadChangedArticle(sql::Connection& connection,
                                                          int64_t position) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement statement,
      connection.Prepare(absl::StrCat("SELECT ", ChangedArticleColumns(), kOfTheChange,
                                      " FROM changes c ", kWithItsText, "WHERE c.position = ?1")));
  statement.BindAll(position);
  CITY_ASSIGN_OR_RETURN(const bool found, statement.Step());
  if (!found) return std::optional<Article>();
  CITY_ASSIGN_OR_RETURN(ArticleChange change, ChangeFromRow(statement));
  if (change.purged) return std::optional<Article>();
  return std::optional<Article>(std::move(change.article));
}

}  // namespace cityinfo::articles
