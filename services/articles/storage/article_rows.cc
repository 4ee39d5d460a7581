#include "services/articles/storage/article_rows.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"
#include "platform/base/id.h"
#include "platform/base/status_macros.h"
#include "services/articles/domain/article_lifecycle.h"
#include "services/articles/storage/insert_rows.h"
#include "services/articles/storage/text_layout.h"

namespace cityinfo::articles {
namespace {

constexpr char kNow[] =
    "a.version, a.revision, a.state, a.first_publish_time, a.publish_time, a.unpublish_time, "
    "a.delete_time, r.was_public, ";
constexpr char kThen[] =
    "c.version, c.revision, c.state, c.first_publish_time, c.publish_time, c.unpublish_time, "
    "c.delete_time, coalesce(c.was_public, r.was_public), ";
constexpr char kBasic[] =
    "a.seq, a.id, a.page_id, a.create_time, r.revision, r.title, r.subtitle, r.byline, r.section, "
    "r.tags, r.publication, r.publish_day, r.page, r.place, r.printed_day, r.continued_from, "
    "r.excerpt, r.author, r.summary, r.create_time";
constexpr char kFull[] = ", r.text, r.layout";
constexpr int kBasicCount = 28;
constexpr int kFullCount = 30;

std::optional<int64_t> ToMicros(const std::optional<absl::Time>& time) {
  if (!time) return std::nullopt;
  return absl::ToUnixMicros(*time);
}

std::optional<int64_t> ToDays(const std::optional<base::Date>& date) {
  if (!date) return std::nullopt;
  return base::DaysSinceEpoch(*date);
}

std::optional<absl::Time> ToTime(const std::optional<int64_t>& micros) {
  if (!micros) return std::nullopt;
  return absl::FromUnixMicros(*micros);
}

std::optional<std::string> UnlessEmpty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

absl::Status InsertRevisions(sql::Connection& connection, std::span<const Article> articles) {
  return InsertRows(
      connection,
      {.into = "revisions (article_seq, revision, title, subtitle, byline, section, tags, "
               "publication, publish_day, page, place, printed_day, continued_from, excerpt, "
               "author, summary, was_public, create_time, text, layout)",
       .values = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      articles.size(), [&](RowValues& values, size_t i) {
        const Article& article = articles[i];
        const ArticleContent& content = article.content;
        const TextLayout stored = EncodeTextLayout(content);
        values.Add(article.sequence, article.revision, content.title, content.subtitle,
                   content.byline, content.section, absl::StrJoin(content.tags, "\n"),
                   content.publication, base::DaysSinceEpoch(content.publish_date), content.page,
                   content.place, ToDays(content.printed_date), content.continued_from,
                   article.excerpt, article.author, article.summary, article.was_public,
                   absl::ToUnixMicros(article.update_time), stored.text, stored.layout);
      });
}

absl::Status InsertTags(sql::Connection& connection, std::span<const Article> articles) {
  struct Tag {
    const std::string* tag;
    const Article* article;
  };
  std::vector<Tag> tags;
  for (const Article& article : articles) {
    for (const std::string& tag : article.content.tags) tags.push_back({&tag, &article});
  }
  return InsertRows(connection,
                    {.into = "article_tags (tag, publish_day, article_seq)", .values = "(?, ?, ?)"},
                    tags.size(), [&](RowValues& values, size_t i) {
                      const Article& article = *tags[i].article;
                      values.Add(*tags[i].tag, base::DaysSinceEpoch(article.content.publish_date),
                                 article.sequence);
                    });
}

absl::Status ArticleNotFound(absl::string_view id) {
  return base::NotFound("article", absl::StrCat("articles/", id), "ARTICLE_NOT_FOUND");
}

}  // namespace

std::string ArticleColumns(ArticleView view) {
  return absl::StrCat(kNow, kBasic, view == ArticleView::kFull ? kFull : "");
}

std::string ChangedArticleColumns() { return absl::StrCat(kThen, kBasic, kFull); }

int ArticleColumnCount(ArticleView view) {
  return view == ArticleView::kFull ? kFullCount : kBasicCount;
}

absl::StatusOr<Article> ArticleFromRow(const sql::Statement& row, ArticleView view) {
  Article article;
  ArticleContent& content = article.content;
  int i = 0;
  article.version = row.ColumnInt64(i++);
  article.newest_revision = row.ColumnInt64(i++);
  article.state = static_cast<ArticleState>(row.ColumnInt64(i++));
  article.first_publish_time = ToTime(row.ColumnOptionalInt64(i++));
  article.publish_time = ToTime(row.ColumnOptionalInt64(i++));
  article.unpublish_time = ToTime(row.ColumnOptionalInt64(i++));
  article.delete_time = ToTime(row.ColumnOptionalInt64(i++));
  article.was_public = row.ColumnBool(i++);
  article.sequence = row.ColumnInt64(i++);
  article.id = row.ColumnString(i++);
  article.source_page = row.ColumnString(i++);
  article.create_time = absl::FromUnixMicros(row.ColumnInt64(i++));
  article.revision = row.ColumnInt64(i++);
  content.title = row.ColumnString(i++);
  content.subtitle = row.ColumnString(i++);
  content.byline = row.ColumnString(i++);
  content.section = row.ColumnString(i++);
  if (const absl::string_view tags = row.ColumnText(i++); !tags.empty()) {
    content.tags = absl::StrSplit(tags, '\n');
  }
  content.publication = row.ColumnString(i++);
  content.publish_date = base::DateFromDays(row.ColumnInt64(i++));
  content.page = row.ColumnString(i++);
  content.place = row.ColumnString(i++);
  if (const auto days = row.ColumnOptionalInt64(i++))
    content.printed_date = base::DateFromDays(*days);
  content.continued_from = row.ColumnString(i++);
  article.excerpt = row.ColumnString(i++);
  article.author = row.ColumnString(i++);
  article.summary = row.ColumnString(i++);
  article.update_time = absl::FromUnixMicros(row.ColumnInt64(i++));
  if (view == ArticleView::kFull) {
    CITY_RETURN_IF_ERROR(DecodeTextLayout(row.ColumnText(i), row.ColumnText(i + 1), &content));
  }
  return article;
}

absl::StatusOr<Article> ReadArticle(sql::Connection& connection, absl::string_view id,
                                    int64_t revision, ArticleView view) {
  // What is no id is not asked for: PostgreSQL refuses text that is not UTF-8 or holds NUL.
  if (!base::IsId(id)) return ArticleNotFound(id);
  CITY_ASSIGN_OR_RETURN(
      sql::Statement statement,
      connection.Prepare(absl::StrCat("SELECT ", ArticleColumns(view),
                                      " FROM articles a CROSS JOIN revisions r WHERE a.id = ?1 "
                                      "AND r.article_seq = a.seq AND r.revision = ",
                                      revision == 0 ? "a.revision" : "?2")));
  statement.Bind(1, id);
  if (revision != 0) statement.Bind(2, revision);
  CITY_ASSIGN_OR_RETURN(const bool found, statement.Step());
  if (found) return ArticleFromRow(statement, view);
  if (revision != 0) {
    const absl::StatusOr<int64_t> exists =
        connection.QueryInt64("SELECT 1 FROM articles WHERE id = ?", id);
    if (exists.ok()) {
      return base::NotFound("revision", absl::StrCat("articles/", id, "@", revision),
                            "REVISION_NOT_FOUND");
    }
    if (!absl::IsNotFound(exists.status())) return exists.status();
  }
  return ArticleNotFound(id);
}

absl::StatusOr<std::vector<Article>> ReadArticles(sql::Connection& connection,
                                                  const std::vector<std::string>& ids,
                                                  ArticleView view) {
  // The list is filled up with its last id to one of a few lengths, so that a few statements serve
  // all: each is kept prepared.
  size_t length = 1;
  while (length < ids.size()) length *= 4;
  const std::vector<absl::string_view> places(length, "?");
  CITY_ASSIGN_OR_RETURN(
      sql::Statement statement,
      connection.Prepare(absl::StrCat("SELECT ", ArticleColumns(view),
                                      " FROM articles a CROSS JOIN revisions r WHERE a.id IN (",
                                      absl::StrJoin(places, ", "),
                                      ") AND r.article_seq = a.seq AND r.revision = a.revision")));
  for (size_t i = 0; i < length; ++i) {
    const std::string& id = ids[std::min(i, ids.size() - 1)];
    if (!base::IsId(id)) return ArticleNotFound(id);
    statement.Bind(static_cast<int>(i + 1), id);
  }
  absl::flat_hash_map<std::string, Article> found;
  found.reserve(ids.size());
  CITY_RETURN_IF_ERROR(statement.ForEach([&](sql::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(Article article, ArticleFromRow(row, view));
    std::string id = article.id;
    found.emplace(std::move(id), std::move(article));
    return absl::OkStatus();
  }));
  std::vector<Article> articles;
  articles.reserve(ids.size());
  for (const std::string& id : ids) {
    const auto article = found.find(id);
    if (article == found.end()) return ArticleNotFound(id);
    articles.push_back(article->second);
  }
  return articles;
}

absl::StatusOr<std::vector<Article>> ReadArticlesWithTexts(sql::Connection& connection,
                                                           const std::vector<std::string>& ids,
                                                           size_t max_bytes) {
  constexpr size_t kTextsAtOnce = 16;
  std::vector<Article> articles;
  articles.reserve(ids.size());
  size_t bytes = 0;
  for (size_t begin = 0; begin < ids.size(); begin += kTextsAtOnce) {
    const std::vector<std::string> some(
        ids.begin() + static_cast<std::ptrdiff_t>(begin),
        ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), begin + kTextsAtOnce)));
    CITY_ASSIGN_OR_RETURN(std::vector<Article> more,
                          ReadArticles(connection, some, ArticleView::kFull));
    for (Article& article : more) {
      for (const Block& block : article.content.blocks) bytes += block.text.size();
      articles.push_back(std::move(article));
    }
    if (bytes > max_bytes) {
      return base::ResourceExhausted(
          "RESPONSE_TOO_LARGE", absl::StrCat("the articles have texts of more than ", max_bytes,
                                             " bytes together; ask for fewer at once"));
    }
  }
  return articles;
}

absl::StatusOr<std::vector<Article>> ReadRevisions(sql::Connection& connection, int64_t sequence,
                                                   int64_t before, int limit) {
  CITY_ASSIGN_OR_RETURN(sql::Statement statement,
                        connection.Prepare(absl::StrCat(
                            "SELECT ", ArticleColumns(ArticleView::kBasic),
                            " FROM revisions r CROSS JOIN articles a WHERE r.article_seq = ? "
                            "AND r.revision < ? AND a.seq = r.article_seq "
                            "ORDER BY r.revision DESC LIMIT ?")));
  statement.BindAll(sequence, before == 0 ? std::numeric_limits<int64_t>::max() : before, limit);
  std::vector<Article> revisions;
  CITY_RETURN_IF_ERROR(statement.ForEach([&](sql::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(Article article, ArticleFromRow(row, ArticleView::kBasic));
    revisions.push_back(std::move(article));
    return absl::OkStatus();
  }));
  return revisions;
}

absl::Status InsertArticles(sql::Connection& connection, std::span<Article> articles,
                            std::span<const std::string> import_fingerprints) {
  absl::flat_hash_map<std::string, Article*> by_id;
  for (Article& article : articles) by_id.emplace(article.id, &article);
  CITY_RETURN_IF_ERROR(InsertRows(
      connection,
      {.into = "articles (id, version, revision, state, publish_day, section, publication, place, "
               "page, page_id, create_time, first_publish_time, import_fingerprint)",
       .values = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
       .returning = "RETURNING id, seq"},
      articles.size(),
      [&](RowValues& values, size_t i) {
        const Article& article = articles[i];
        const ArticleContent& content = article.content;
        std::optional<std::string> import_fingerprint;
        if (!import_fingerprints.empty()) import_fingerprint = import_fingerprints[i];
        values.Add(article.id, article.version, article.revision,
                   static_cast<int64_t>(article.state), base::DaysSinceEpoch(content.publish_date),
                   content.section, content.publication, content.place, content.page,
                   UnlessEmpty(article.source_page), absl::ToUnixMicros(article.create_time),
                   ToMicros(article.first_publish_time), import_fingerprint);
      },
      [&](const sql::Statement& row) {
        by_id.at(row.ColumnString(0))->sequence = row.ColumnInt64(1);
      }));
  CITY_RETURN_IF_ERROR(InsertRevisions(connection, articles));
  return InsertTags(connection, articles);
}

absl::Status InsertNextRevision(sql::Connection& connection, const Article& article) {
  const ArticleContent& content = article.content;
  const std::span<const Article> one(&article, 1);
  CITY_RETURN_IF_ERROR(InsertRevisions(connection, one));
  CITY_RETURN_IF_ERROR(connection.Run(
      "UPDATE articles SET version = ?, revision = ?, publish_day = ?, section = ?, "
      "publication = ?, place = ?, page = ? WHERE seq = ?",
      article.version, article.revision, base::DaysSinceEpoch(content.publish_date),
      content.section, content.publication, content.place, content.page, article.sequence));
  CITY_RETURN_IF_ERROR(
      connection.Run("DELETE FROM article_tags WHERE article_seq = ?", article.sequence));
  return InsertTags(connection, one);
}

absl::Status UpdateState(sql::Connection& connection, const Article& article) {
  CITY_RETURN_IF_ERROR(connection.Run(
      "UPDATE articles SET version = ?, state = ?, first_publish_time = ?, publish_time = ?, "
      "unpublish_time = ?, next_time = ?, delete_time = ? WHERE seq = ?",
      article.version, static_cast<int64_t>(article.state), ToMicros(article.first_publish_time),
      ToMicros(article.publish_time), ToMicros(article.unpublish_time),
      ToMicros(NextMoment(article)), ToMicros(article.delete_time), article.sequence));
  if (!article.was_public) return absl::OkStatus();
  return connection.Run(
      "UPDATE revisions SET was_public = 1 WHERE article_seq = ? AND revision = ? "
      "AND was_public = 0",
      article.sequence, article.revision);
}

}  // namespace cityinfo::articles
