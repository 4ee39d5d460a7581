#include "services/articles/storage/change_rows.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "platform/base/status_macros.h"
#include "services/articles/storage/article_rows.h"

namespace cityinfo::articles {
namespace {

// SQLite reads row by row and stops where the reader does. PostgreSQL sends the whole answer, so it
// has to be told how many bytes of text are wanted; it knows their number without reading them.
// The number of rows is no parameter, because PostgreSQL keeps a plan for all values.
std::string ChangesAfter(sql::Dialect dialect, int limit) {
  constexpr absl::string_view kJoined =
      "a.seq = c.article_seq AND r.article_seq = c.article_seq AND r.revision = c.revision "
      "ORDER BY c.position";
  if (dialect == sql::Dialect::kSqlite) {
    return absl::StrCat("changes c CROSS JOIN articles a CROSS JOIN revisions r ",
                        "WHERE c.position > ?1 AND ", kJoined, " LIMIT ", limit);
  }
  return absl::StrCat(
      "(SELECT n.*, sum(octet_length(t.text)) OVER (ORDER BY n.position) - octet_length(t.text) ",
      "AS bytes_before FROM changes n CROSS JOIN revisions t ",
      "WHERE n.position > ?1 AND t.article_seq = n.article_seq AND t.revision = n.revision ",
      "ORDER BY n.position LIMIT ", limit, ") c CROSS JOIN articles a CROSS JOIN revisions r ",
      "WHERE (c.bytes_before = 0 OR c.bytes_before < ?2) AND ", kJoined);
}

}  // namespace

absl::StatusOr<int64_t> LastChangePosition(sql::Connection& connection) {
  return connection.QueryInt64("SELECT coalesce(max(position), 0) FROM changes");
}

absl::StatusOr<int64_t> AppendChange(sql::Connection& connection, const Article& article,
                                     absl::Time now) {
  std::optional<int64_t> first_publish;
  if (article.first_publish_time) first_publish = absl::ToUnixMicros(*article.first_publish_time);
  return connection.QueryInt64(
      "INSERT INTO changes (position, article_seq, revision, version, state, first_publish_time, "
      "commit_time) VALUES ((SELECT coalesce(max(position), 0) + 1 FROM changes), "
      "?, ?, ?, ?, ?, ?) RETURNING position",
      article.sequence, article.revision, article.version, static_cast<int64_t>(article.state),
      first_publish, absl::ToUnixMicros(now));
}

absl::StatusOr<std::vector<ArticleChange>> ReadChangesAfter(sql::Connection& connection,
                                                            int64_t after,
                                                            const ChangeLimits& limits) {
  const sql::Dialect dialect = connection.dialect();
  CITY_ASSIGN_OR_RETURN(sql::Statement statement,
                        connection.Prepare(absl::StrCat("SELECT ", ChangedArticleColumns(),
                                                        ", c.position, c.commit_time FROM ",
                                                        ChangesAfter(dialect, limits.changes))));
  statement.Bind(1, after);
  if (dialect == sql::Dialect::kPostgres) statement.Bind(2, limits.text_bytes);
  std::vector<ArticleChange> changes;
  size_t bytes = 0;
  const int next_column = ArticleColumnCount(ArticleView::kFull);
  while (changes.empty() || bytes < limits.text_bytes) {
    CITY_ASSIGN_OR_RETURN(const bool more, statement.Step());
    if (!more) break;
    ArticleChange change;
    CITY_ASSIGN_OR_RETURN(change.article, ArticleFromRow(statement, ArticleView::kFull));
    change.position = statement.ColumnInt64(next_column);
    change.commit_time = absl::FromUnixMicros(statement.ColumnInt64(next_column + 1));
    for (const Block& block : change.article.content.blocks) bytes += block.text.size();
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace cityinfo::articles
