#include "services/articles/storage/list_query.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "platform/base/status_macros.h"
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
  int Bind(sqlite::Statement& statement) const {
    int index = 0;
    for (const Value& value : values_) {
      std::visit([&](const auto& bound) { statement.Bind(++index, bound); }, value);
    }
    return index;
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

Conditions MakeConditions(const ArticleFilter& filter, const ListWindow& window) {
  Conditions where;
  where.Add("a.state = ?", {static_cast<int64_t>(filter.state)});
  // The date is read from the tag's row when there is one, so that its index gives the order.
  const std::string day = filter.tag.empty() ? "a.publish_day" : "t.publish_day";
  const std::string seq = filter.tag.empty() ? "a.seq" : "t.article_seq";
  if (!filter.tag.empty()) where.Add("t.tag = ?", {filter.tag});
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
  for (const std::string& word : filter.words) {
    where.Add("(r.title LIKE ? ESCAPE '\\' OR r.text LIKE ? ESCAPE '\\')",
              {ContainsPattern(word), ContainsPattern(word)});
  }
  return where;
}

}  // namespace

absl::StatusOr<ArticlePage> RunList(sqlite::Connection& connection, const ArticleFilter& filter,
                                    const ListWindow& window, ArticleView view) {
  const Conditions where = MakeConditions(filter, window);
  const std::string from = filter.tag.empty()
                               ? "articles a"
                               : "article_tags t CROSS JOIN articles a ON a.seq = t.article_seq";
  const std::string order = filter.tag.empty() ? "a.publish_day DESC, a.seq DESC"
                                               : "t.publish_day DESC, t.article_seq DESC";
  CITY_ASSIGN_OR_RETURN(
      sqlite::Statement statement,
      connection.Prepare(absl::StrCat(
          "SELECT ", ArticleColumns(view), " FROM ", from,
          " CROSS JOIN revisions r ON r.article_seq = a.seq AND r.revision = a.revision WHERE ",
          where.sql(), " ORDER BY ", order, " LIMIT ?")));
  const int bound = where.Bind(statement);
  statement.Bind(bound + 1, window.limit + 1);

  ArticlePage page;
  CITY_RETURN_IF_ERROR(statement.ForEach([&](sqlite::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(Article article, ArticleFromRow(row, view));
    page.articles.push_back(std::move(article));
    return absl::OkStatus();
  }));
  if (page.articles.size() > static_cast<size_t>(window.limit)) {
    page.articles.pop_back();
    page.next = PositionOf(page.articles.back());
  }
  return page;
}

}  // namespace cityinfo::articles
