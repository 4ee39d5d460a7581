#include "services/articles/storage/list_query.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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

// Where the rows come from, and by which columns they are sorted.
struct Source {
  std::string from;
  std::string day;
  std::string seq;
  Conditions where;

  std::string order() const { return absl::StrCat(day, " DESC, ", seq, " DESC"); }
};

// Articles whose stored state is that of `now`. With a tag, its index gives the order.
Source StoredSource(const ArticleFilter& filter, absl::Time now) {
  const bool by_tag = !filter.tag.empty();
  Source source = {.from = by_tag ? "article_tags t CROSS JOIN articles a" : "articles a",
                   .day = by_tag ? "t.publish_day" : "a.publish_day",
                   .seq = by_tag ? "t.article_seq" : "a.seq"};
  source.where.Add("a.state = ? AND (a.next_time IS NULL OR a.next_time > ?)",
                   {static_cast<int64_t>(filter.state), absl::ToUnixMicros(now)});
  if (by_tag) source.where.Add("t.tag = ? AND a.seq = t.article_seq", {filter.tag});
  return source;
}

// The others, which are public at `now` or have been.
Source DueSource(const ArticleFilter& filter, absl::Time now) {
  const bool by_tag = !filter.tag.empty();
  Source source = {.from = by_tag ? "articles a CROSS JOIN article_tags t" : "articles a",
                   .day = "a.publish_day",
                   .seq = "a.seq"};
  source.where.Add("a.next_time <= ?", {absl::ToUnixMicros(now)});
  source.where.Add(absl::StrCat("CASE WHEN a.unpublish_time <= ? THEN ",
                                static_cast<int>(ArticleState::kUnpublished), " ELSE ",
                                static_cast<int>(ArticleState::kPublished), " END = ?"),
                   {absl::ToUnixMicros(now), static_cast<int64_t>(filter.state)});
  if (by_tag) {
    source.where.Add("t.tag = ? AND t.publish_day = a.publish_day AND t.article_seq = a.seq",
                     {filter.tag});
  }
  return source;
}

void AddFilter(const ArticleFilter& filter, const ListWindow& window, Source* source) {
  Conditions& where = source->where;
  if (!filter.section.empty()) where.Add("a.section = ?", {filter.section});
  if (!filter.publication.empty()) where.Add("a.publication = ?", {filter.publication});
  if (!filter.page.empty()) where.Add("a.page = ?", {filter.page});
  if (!filter.place.empty()) where.Add("a.place = ?", {filter.place});
  if (filter.publish_date_from) {
    where.Add(absl::StrCat(source->day, " >= ?"),
              {base::DaysSinceEpoch(*filter.publish_date_from)});
  }
  if (filter.publish_date_to) {
    where.Add(absl::StrCat(source->day, " <= ?"), {base::DaysSinceEpoch(*filter.publish_date_to)});
  }
  if (window.after) {
    where.Add(absl::StrCat("(", source->day, ", ", source->seq, ") < (?, ?)"),
              {base::DaysSinceEpoch(window.after->publish_date), window.after->sequence});
  }
  where.Add("r.article_seq = a.seq AND r.revision = a.revision", {});
}

// No article holds what could not be stored, and PostgreSQL would refuse to look for it.
bool CanBeFound(const ArticleFilter& filter) {
  std::vector<absl::string_view> texts = {filter.section, filter.tag, filter.publication,
                                          filter.page, filter.place};
  return std::all_of(texts.begin(), texts.end(), [](absl::string_view text) {
    return text.find('\0') == absl::string_view::npos && !base::FirstInvalidByte(text);
  });
}

// Rows, and what is true of the store at their moment; both are only known when there is a row.
struct Rows {
  std::vector<Article> articles;
  std::optional<int64_t> feed_position;
  std::optional<absl::Time> next_moment;
};

absl::StatusOr<Rows> Select(sql::Connection& connection, const Source& source,
                            const ListWindow& window, ArticleView view) {
  // What else is asked comes in the same statement, so it is of the same moment. The limit is no
  // parameter: PostgreSQL keeps a plan for all values, and without it would plan for a tenth of the
  // archive.
  CITY_ASSIGN_OR_RETURN(
      sql::Statement statement,
      connection.Prepare(
          absl::StrCat("SELECT ", ArticleColumns(view), ", (SELECT max(position) FROM changes), ",
                       "(SELECT min(next_time) FROM articles WHERE next_time IS NOT NULL) FROM ",
                       source.from, " CROSS JOIN revisions r WHERE ", source.where.sql(),
                       " ORDER BY ", source.order(), " LIMIT ", window.limit + 1)));
  source.where.Bind(statement);
  Rows rows;
  rows.articles.reserve(static_cast<size_t>(window.limit) + 1);
  const int next_column = ArticleColumnCount(view);
  CITY_RETURN_IF_ERROR(statement.ForEach([&](sql::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(Article article, ArticleFromRow(row, view));
    rows.articles.push_back(std::move(article));
    rows.feed_position = row.ColumnInt64(next_column);
    rows.next_moment = row.ColumnIsNull(next_column + 1)
                           ? absl::InfiniteFuture()
                           : absl::FromUnixMicros(row.ColumnInt64(next_column + 1));
    return absl::OkStatus();
  }));
  return rows;
}

// Nothing that is due ends in another state.
bool MayHoldDue(ArticleState state) {
  return state == ArticleState::kPublished || state == ArticleState::kUnpublished;
}

bool ComesBefore(const Article& a, const Article& b) {
  return std::make_pair(a.content.publish_date, a.sequence) >
         std::make_pair(b.content.publish_date, b.sequence);
}

// As many as `window` asks for, whatever their size.
absl::StatusOr<ArticlePage> ReadPage(sql::Connection& connection, const ArticleFilter& filter,
                                     const ListWindow& window, ArticleView view, absl::Time now) {
  Source source = StoredSource(filter, now);
  AddFilter(filter, window, &source);
  CITY_ASSIGN_OR_RETURN(Rows rows, Select(connection, source, window, view));
  if (MayHoldDue(filter.state) && rows.next_moment.value_or(now) <= now) {
    Source due_source = DueSource(filter, now);
    AddFilter(filter, window, &due_source);
    CITY_ASSIGN_OR_RETURN(Rows due, Select(connection, due_source, window, view));
    const auto middle = static_cast<std::ptrdiff_t>(rows.articles.size());
    std::move(due.articles.begin(), due.articles.end(), std::back_inserter(rows.articles));
    std::inplace_merge(rows.articles.begin(), rows.articles.begin() + middle, rows.articles.end(),
                       ComesBefore);
    if (!rows.feed_position) rows.feed_position = due.feed_position;
  }
  ArticlePage page{.articles = std::move(rows.articles),
                   .feed_position = rows.feed_position.value_or(window.min_feed_position),
                   .stands_until = rows.next_moment.value_or(absl::InfinitePast())};
  if (page.articles.size() > static_cast<size_t>(window.limit)) {
    page.articles.resize(static_cast<size_t>(window.limit));
    page.next = PositionOf(page.articles.back());
  }
  return page;
}

// Ends the page before its texts grow beyond `text_bytes`, but after at least one article. False
// when all of it fits.
bool Cut(size_t text_bytes, ArticlePage* page) {
  size_t bytes = 0;
  for (size_t i = 0; i < page->articles.size(); ++i) {
    for (const Block& block : page->articles[i].content.blocks) bytes += block.text.size();
    if (bytes <= text_bytes || i == 0) continue;
    page->articles.resize(i);
    page->next = PositionOf(page->articles.back());
    return true;
  }
  return false;
}

// Articles with their texts are read so many at a time: beyond ListWindow::text_bytes no more than
// these are ever in memory.
constexpr int kTextsAtOnce = 16;

absl::StatusOr<ArticlePage> ReadPageOfTexts(sql::Connection& connection,
                                            const ArticleFilter& filter, const ListWindow& window,
                                            absl::Time now) {
  ArticlePage page;
  ListWindow part = window;
  for (int left = window.limit; left > 0; left -= part.limit) {
    part.limit = std::min(left, kTextsAtOnce);
    CITY_ASSIGN_OR_RETURN(ArticlePage more,
                          ReadPage(connection, filter, part, ArticleView::kFull, now));
    if (left == window.limit) {
      page = std::move(more);
    } else {
      std::move(more.articles.begin(), more.articles.end(), std::back_inserter(page.articles));
      page.next = more.next;
    }
    if (Cut(window.text_bytes, &page) || !page.next) break;
    part.after = page.next;
  }
  return page;
}

}  // namespace

absl::StatusOr<ArticlePage> RunList(sql::Connection& connection, const ArticleFilter& filter,
                                    const ListWindow& window, ArticleView view, absl::Time now) {
  if (!CanBeFound(filter)) return ArticlePage{.feed_position = window.min_feed_position};
  if (view == ArticleView::kFull) return ReadPageOfTexts(connection, filter, window, now);
  return ReadPage(connection, filter, window, view, now);
}

}  // namespace cityinfo::articles
