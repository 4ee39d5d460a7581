#include "services/articles/storage/change_rows.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "platform/base/status_macros.h"
#include "services/articles/storage/article_rows.h"

namespace cityinfo::articles {

absl::StatusOr<int64_t> LastChangePosition(sqlite::Connection& connection) {
  return connection.QueryInt64("SELECT coalesce(max(position), 0) FROM changes");
}

absl::StatusOr<int64_t> AppendChange(sqlite::Connection& connection, const Article& article,
                                     absl::Time now) {
  CITY_ASSIGN_OR_RETURN(const int64_t last, LastChangePosition(connection));
  std::optional<int64_t> first_publish;
  if (article.first_publish_time) first_publish = absl::ToUnixMicros(*article.first_publish_time);
  CITY_RETURN_IF_ERROR(connection.Run(
      "INSERT INTO changes (position, article_seq, revision, version, state, first_publish_time, "
      "commit_time) VALUES (?, ?, ?, ?, ?, ?, ?)",
      last + 1, article.sequence, article.revision, article.version,
      static_cast<int64_t>(article.state), first_publish, absl::ToUnixMicros(now)));
  return last + 1;
}

absl::StatusOr<std::vector<ArticleChange>> ReadChangesAfter(sqlite::Connection& connection,
                                                            int64_t after,
                                                            const ChangeLimits& limits) {
  CITY_ASSIGN_OR_RETURN(
      sqlite::Statement statement,
      connection.Prepare(absl::StrCat(
          "SELECT ", ChangedArticleColumns(),
          ", c.position, c.commit_time FROM changes c CROSS JOIN articles a ON a.seq = "
          "c.article_seq "
          "CROSS JOIN revisions r ON r.article_seq = c.article_seq AND r.revision = c.revision "
          "WHERE c.position > ? ORDER BY c.position LIMIT ?")));
  statement.BindAll(after, limits.changes);
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
