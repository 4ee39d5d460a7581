#include "services/articles/storage/list_query.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "platform/base/status_macros.h"
#include "platform/base/utf8.h"
#include "services/articles/storage/article_rows.h"

namespace cityinfo::articles {
namespace {

// Conditions with their values, kept in step. What a client sent becomes a bound value, never SQL.
class Conditions {
 public:
  using Value = std::variant<int64_t, std::string>;

  void Add(absl::string_view sql, std::vector<Value> values) {
    sql_.emplace_back(sql);
    for (Value& value : values) values_.push_back(std::move(value));
  }
  std::string sql() const { return absl::StrJoin(sql_, " AND "); }
  void Bind(sql::Statement& statement) const {
    int index = 0;
    for (const Value& value : values_) {
      std::visit([&](const auto& bound) { statement.Bind(++index, bound); }, value);
    }
  }

 private:
  std::vector<std::string> sql_;
  std::vector<Value> values_;
};

// A LIKE pattern that finds `word` anywhere and takes nothing in it for a wildcard.
std::string ContainsPattern(absl::string_view word) {
  return absl::StrCat("%", absl::StrReplaceAll(word, {{"\\", "\\\\"}, {"%", "\\%"}, {"_", "\\_"}}),
                      "%");
}

// Both find ASCII letters in either case and take all else as it is: SQLite's LIKE does so,
// PostgreSQL's ILIKE does so for text of collation "C".
absl::string_view LikeOperator(sql::Dialect dialect) {
  return dialect == sql::Dialect::kPostgres ? "ILIKE" : "LIKE";
}

Conditions MakeConditions(const ArticleFilter& filter, const ListWindow& window,
                          sql::Dialect dialect) {
  Conditions where;
  where.Add("a.state = ?", {static_cast<int64_t>(filter.state)});
  // The date is read from the tag's row when there is one, so that its index gives the order.
  const std::string day = filter.tag.empty() ? "a.publish_day" : "t.publish_day";
  const std::string seq = filter.tag.empty() ? "a.seq" : "t.article_seq";
  if (!filter.tag.empty()) where.Add("t.tag = ? AND a.seq = t.article_seq", {filter.tag});
  if (!filter.section.empty()) where.Add("a.section = ?", {filter.section});
  if (!filter.publication.empty()) where.Add("a.publication = ?", {filter.publication});
  if (!filter.place.empty()) where.Add("a.place = ?", {filter.place});
  if (filter.publish_date_from) {
    where.Add(absl::StrCat(day, " >= ?"), {base::DaysSinceEpoch(*filter.publish_date_from)});
  }
  if (filter.publish_date_to) {
    where.Add(absl::StrCat(day, " <= ?"), {base::DaysSinceEpoch(*filter.publish_date_to)});
  }
  if (window.after) {
    where.Add(absl::StrCat("(", day, ", ", seq, ") < (?, ?)"),
              {base::DaysSinceEpoch(window.after->publish_date), window.after->sequence});
  }
  const absl::string_view like = LikeOperator(dialect);
  for (const std::string& word : filter.words) {
    where.Add(absl::StrCat("(r.title ", like, " ? ESCAPE '\\' OR r.text ", like, " ? ESCAPE '\\')"),
              {ContainsPattern(word), ContainsPattern(word)});
  }
  where.Add("r.article_seq = a.seq AND r.revision = a.revision", {});
  return where;
}

// No article holds what could not be stored, and PostgreSQL would refuse to look for it.
bool CanBeFound(const ArticleFilter& filter) {
  std::vector<absl::string_view> texts = {filter.section, filter.tag, filter.publication,
                                          filter.place};
  texts.insert(texts.end(), filter.words.begin(), filter.words.end());
  return std::all_of(texts.begin(), texts.end(), [](absl::string_view text) {
    return text.find('\0') == absl::string_view::npos && !base::FirstInvalidByte(text);
  });
}

}  // namespace

absl::StatusOr<ArticlePage> RunList(sql::Connection& connection, const ArticleFilter& filter,
                                    const ListWindow& window, ArticleView view) {
  if (!CanBeFound(filter)) return ArticlePage{.feed_position = window.min_feed_position};
  const Conditions where = MakeConditions(filter, window, connection.dialect());
  const std::string from =
      filter.tag.empty() ? "articles a" : "article_tags t CROSS JOIN articles a";
  const std::string order = filter.tag.empty() ? "a.publish_day DESC, a.seq DESC"
                                               : "t.publish_day DESC, t.article_seq DESC";
  // The feed's position comes in the same statement, so it is of the same moment. The limit is no
  // parameter: PostgreSQL keeps a plan for all values, and without it would plan for a tenth of the
  // archive.
  CITY_ASSIGN_OR_RETURN(
      sql::Statement statement,
      connection.Prepare(absl::StrCat("SELECT ", ArticleColumns(view),
                                      ", (SELECT max(position) FROM changes) FROM ", from,
                                      " CROSS JOIN revisions r WHERE ", where.sql(), " ORDER BY ",
                                      order, " LIMIT ", window.limit + 1)));
  where.Bind(statement);

  ArticlePage page{.feed_position = window.min_feed_position};
  CITY_RETURN_IF_ERROR(statement.ForEach([&](sql::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(Article article, ArticleFromRow(row, view));
    page.articles.push_back(std::move(article));
    page.feed_position = row.ColumnInt64(ArticleColumnCount(view));
    return absl::OkStatus();
  }));
  if (page.articles.size() > static_cast<size_t>(window.limit)) {
    page.articles.pop_back();
    page.next = PositionOf(page.articles.back());
  }
  return page;
}

}  // namespace cityinfo::articles
