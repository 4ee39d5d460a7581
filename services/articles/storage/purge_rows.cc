#include "services/articles/storage/purge_rows.h"

#include <utility>

#include "platform/base/status_macros.h"

namespace cityinfo::articles {

absl::StatusOr<std::vector<Article>> ReadPurgeable(sql::Connection& connection,
                                                   absl::Time deleted_by, int limit) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement statement,
      connection.Prepare("SELECT id, seq, version, page_id FROM articles WHERE delete_time <= ? "
                         "ORDER BY delete_time, seq LIMIT ?"));
  statement.BindAll(absl::ToUnixMicros(deleted_by), limit);
  std::vector<Article> articles;
  CITY_RETURN_IF_ERROR(statement.ForEach([&](sql::Statement& row) {
    articles.push_back({.id = row.ColumnString(0),
                        .sequence = row.ColumnInt64(1),
                        .version = row.ColumnInt64(2),
                        .state = ArticleState::kDeleted,
                        .source_page = row.ColumnString(3)});
  }));
  return articles;
}

absl::Status RemoveArticle(sql::Connection& connection, const Article& article) {
  for (const char* sql :
       {"DELETE FROM article_tags WHERE article_seq = ?",
        "DELETE FROM revisions WHERE article_seq = ?", "DELETE FROM articles WHERE seq = ?"}) {
    CITY_RETURN_IF_ERROR(connection.Run(sql, article.sequence));
  }
  if (article.source_page.empty()) return absl::OkStatus();
  return connection.Run(
      "DELETE FROM pages WHERE id = ?1 AND NOT EXISTS "
      "(SELECT 1 FROM articles a WHERE a.page_id = ?1)",
      article.source_page);
}

}  // namespace cityinfo::articles
