#include "services/articles/storage/label_counts.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status_macros.h"
#include "services/articles/domain/article.h"

namespace cityinfo::articles {
namespace {

// Counts what is stored as public, which an index answers alone, and adds what the few articles
// make different whose moment has come and is not written down yet: a public one is taken back, a
// scheduled one is public unless it is taken back already.
absl::StatusOr<std::vector<LabelCount>> Count(sql::Connection& connection, absl::string_view label,
                                              absl::string_view from, absl::Time now, int limit) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement statement,
      connection.Prepare(absl::StrCat(
          "SELECT label, CAST(sum(n) AS BIGINT) FROM (SELECT ", label, " AS label, count(*) AS n ",
          "FROM ", from, " a.state = ?1 GROUP BY 1 UNION ALL SELECT ", label,
          ", CASE WHEN a.state = ?1 THEN -1 WHEN a.unpublish_time <= ?2 THEN 0 ELSE 1 END FROM ",
          from, " a.next_time <= ?2) c WHERE label <> '' GROUP BY label HAVING sum(n) > 0 ",
          "ORDER BY 2 DESC, 1 LIMIT ?3")));
  statement.BindAll(static_cast<int64_t>(ArticleState::kPublished), absl::ToUnixMicros(now), limit);
  std::vector<LabelCount> counts;
  CITY_RETURN_IF_ERROR(statement.ForEach([&](sql::Statement& row) {
    counts.push_back({.label = row.ColumnString(0), .count = row.ColumnInt64(1)});
  }));
  return counts;
}

}  // namespace

absl::StatusOr<std::vector<LabelCount>> CountTagsAt(sql::Connection& connection, absl::Time now,
                                                    int limit) {
  return Count(connection, "t.tag", "articles a JOIN article_tags t ON t.article_seq = a.seq WHERE",
               now, limit);
}

absl::StatusOr<std::vector<LabelCount>> CountSectionsAt(sql::Connection& connection, absl::Time now,
                                                        int limit) {
  return Count(connection, "a.section", "articles a WHERE", now, limit);
}

}  // namespace cityinfo::articles
