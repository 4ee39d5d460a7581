#include "bench/articles/bare_fts.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/articles/corpus.h"
#include "bench/articles/pair_tokenizer.h"
#include "bench/baseline/must.h"
#include "services/articles/search/indexed_document.h"
#include "services/articles/search/ngram_tokenizer.h"

namespace cityinfo::bench {

BareFts::BareFts(const std::string& path, Detail detail, Tokens tokens) {
  sqlite3* db = nullptr;
  const int code = sqlite3_open(path.c_str(), &db);
  db_.reset(db);
  if (code != SQLITE_OK) Must(absl::UnavailableError(sqlite3_errmsg(db)));
  RegisterPairTokenizer(db);
  Must(articles::RegisterNgramTokenizer(db));
  Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536");
  Execute(
      "CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, section TEXT, tags TEXT, "
      "publication TEXT, publish_date TEXT, page TEXT, place TEXT, text TEXT) STRICT");
  Execute(
      absl::StrCat("CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0, detail=",
                   detail == Detail::kNone ? "none" : "full", ", tokenize='",
                   tokens == Tokens::kPairs ? kPairTokenizer : articles::kNgramTokenizer, "')"));
  add_row_ = Prepare("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  add_index_ = Prepare("INSERT INTO words (rowid, text) VALUES (?, ?)");
}

void BareFts::Execute(const std::string& sql) {
  if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    Must(absl::InternalError(absl::StrCat(sql, ": ", sqlite3_errmsg(db_.get()))));
  }
}

BareFts::Statement BareFts::Prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db_.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    Must(absl::InternalError(absl::StrCat(sql, ": ", sqlite3_errmsg(db_.get()))));
  }
  return Statement(statement);
}

void BareFts::Step(sqlite3_stmt* statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) {
    Must(absl::InternalError(sqlite3_errmsg(db_.get())));
  }
  sqlite3_reset(statement);
}

BareFts::Row BareFts::MakeRow(const articles::ArticleContent& content) {
  const articles::IndexedDocument document = articles::MakeIndexedDocument({.content = content});
  return {.title = content.title,
          .section = content.section,
          .tags = absl::StrJoin(content.tags, "\n"),
          .publication = content.publication,
          .publish_date = base::FormatDate(content.publish_date),
          .page = content.page,
          .place = content.place,
          .text = TextOf(content),
          .words = articles::TokenizedText(document.text, document.labels)};
}

void BareFts::AddOne(const Row& row) {
  ++next_;
  sqlite3_bind_int64(add_row_.get(), 1, next_);
  int column = 2;
  for (const std::string* field : {&row.title, &row.section, &row.tags, &row.publication,
                                   &row.publish_date, &row.page, &row.place, &row.text}) {
    sqlite3_bind_text(add_row_.get(), column++, field->data(), static_cast<int>(field->size()),
                      SQLITE_STATIC);
  }
  Step(add_row_.get());
  sqlite3_bind_int64(add_index_.get(), 1, next_);
  sqlite3_bind_text(add_index_.get(), 2, row.words.data(), static_cast<int>(row.words.size()),
                    SQLITE_STATIC);
  Step(add_index_.get());
}

void BareFts::Add(const std::vector<Row>& rows) {
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i % kTransaction == 0) Execute(i == 0 ? "BEGIN" : "COMMIT; BEGIN");
    AddOne(rows[i]);
  }
  if (!rows.empty()) Execute("COMMIT");
}

int64_t BareFts::IndexBytes() {
  Execute("PRAGMA wal_checkpoint(TRUNCATE)");
  const Statement statement =
      Prepare("SELECT SUM(pgsize) FROM dbstat WHERE aggregate = TRUE AND name LIKE 'words%'");
  if (sqlite3_step(statement.get()) != SQLITE_ROW) {
    Must(absl::InternalError(sqlite3_errmsg(db_.get())));
  }
  return sqlite3_column_int64(statement.get(), 0);
}

}  // namespace cityinfo::bench
