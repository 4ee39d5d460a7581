#include "services/articles/storage/page_rows.h"

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/id.h"
#include "platform/base/status_macros.h"
#include "services/articles/storage/article_rows.h"

namespace cityinfo::articles {

absl::StatusOr<std::optional<std::string>> FindPage(sql::Connection& connection,
                                                    absl::string_view fingerprint) {
  CITY_ASSIGN_OR_RETURN(sql::Statement statement,
                        connection.Prepare("SELECT id FROM pages WHERE fingerprint = ?"));
  statement.BindAll(fingerprint);
  CITY_ASSIGN_OR_RETURN(const bool found, statement.Step());
  if (!found) return std::optional<std::string>();
  return std::optional<std::string>(statement.ColumnString(0));
}

absl::Status InsertPage(sql::Connection& connection, absl::string_view id,
                        absl::string_view fingerprint, const PageImport& page, absl::Time now) {
  return connection.Run(
      "INSERT INTO pages (id, fingerprint, publication, publish_day, label, place, create_time, "
      "text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      id, fingerprint, page.publication, base::DaysSinceEpoch(page.publish_date), page.label,
      page.place, absl::ToUnixMicros(now), page.text);
}

absl::StatusOr<std::vector<Article>> ReadPageArticles(sql::Connection& connection,
                                                      absl::string_view page_id) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement statement,
      connection.Prepare(absl::StrCat("SELECT ", ArticleColumns(ArticleView::kFull),
                                      " FROM articles a CROSS JOIN revisions r WHERE a.page_id = ? "
                                      "AND r.article_seq = a.seq AND r.revision = a.revision "
                                      "ORDER BY a.seq")));
  statement.BindAll(page_id);
  std::vector<Article> articles;
  CITY_RETURN_IF_ERROR(statement.ForEach([&](sql::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(Article article, ArticleFromRow(row, ArticleView::kFull));
    articles.push_back(std::move(article));
    return absl::OkStatus();
  }));
  return articles;
}

absl::StatusOr<std::string> ReadPageText(sql::Connection& connection, absl::string_view page_id) {
  const auto not_found = [&] {
    return base::NotFound("page", absl::StrCat("pages/", page_id), "PAGE_NOT_FOUND");
  };
  if (!base::IsId(page_id)) return not_found();
  CITY_ASSIGN_OR_RETURN(sql::Statement statement,
                        connection.Prepare("SELECT text FROM pages WHERE id = ?"));
  statement.BindAll(page_id);
  CITY_ASSIGN_OR_RETURN(const bool found, statement.Step());
  if (!found) return not_found();
  return statement.ColumnString(0);
}

}  // namespace cityinfo::articles
