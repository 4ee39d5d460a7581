#include "services/articles/search/index_schema.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/sql/transaction.h"
#include "services/articles/search/ngram_tokenizer.h"
#include "services/articles/search/text_folding.h"

namespace cityinfo::articles {
namespace {

// Counts every change of the tables, of the tokens and of what they are made from. A file with
// another number is built anew.
constexpr int64_t kSchemaVersion = 1;

// Tells our files from other databases, which somebody may name by mistake: "CISX".
constexpr int64_t kApplicationId = 0x43495358;

// documents is narrow, because a question reads a row of it for every match that it counts; texts
// has what only some matches need: the folded text (text_packing.h), to look for words in and to
// take the tokens of an article out again. A document that is there from or until some moment has a
// row in timed. A day whose documents do not stand in the order of their sequence is in
// disordered_days. `articles` of a label counts the published ones.
constexpr absl::string_view kTables = R"sql(
CREATE TABLE state(
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1), rules TEXT NOT NULL,
  position INTEGER NOT NULL, mark TEXT NOT NULL, day_bits INTEGER NOT NULL,
  documents INTEGER NOT NULL, text_units INTEGER NOT NULL) STRICT;
CREATE TABLE documents(
  row INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, section INTEGER NOT NULL,
  published INTEGER NOT NULL, id TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX documents_by_sequence ON documents(sequence);
CREATE TABLE texts(sequence INTEGER PRIMARY KEY, packed BLOB NOT NULL, labels TEXT NOT NULL) STRICT;
CREATE TABLE timed(row INTEGER PRIMARY KEY, visible_from INTEGER, visible_until INTEGER) STRICT;
CREATE TABLE disordered_days(day INTEGER PRIMARY KEY) STRICT;
CREATE TABLE labels(
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL, folded TEXT NOT NULL,
  articles INTEGER NOT NULL, UNIQUE (kind, label)) STRICT;
CREATE INDEX labels_by_folded ON labels(kind, folded, articles);
)sql";

// The words themselves are in `texts`; the inverted lists only say which documents hold a token
// (detail=none), which makes them a third as large as lists with places.
std::string TokenTable(absl::string_view name) {
  return absl::StrCat("CREATE VIRTUAL TABLE ", name,
                      " USING fts5(text, content = '', columnsize = 0, detail = none, tokenize = '",
                      kNgramTokenizer, "');");
}

// How much of the lists is gathered in memory before it is written: a whole Apply, mostly.
constexpr int kGatheredBytes = 16 << 20;

std::string Setting(absl::string_view table, absl::string_view name, int value) {
  return absl::StrCat("INSERT INTO ", table, "(", table, ", rank) VALUES('", name, "', ", value,
                      ");");
}

std::string Rules() { return FoldingFingerprint(); }

}  // namespace

absl::Status CreateIndex(sql::Connection& connection, const RowLayout& layout) {
  CITY_ASSIGN_OR_RETURN(sql::Transaction transaction, sql::Transaction::Begin(connection));
  CITY_RETURN_IF_ERROR(connection.Execute(kTables));
  for (const absl::string_view table : {"body_tokens", "title_tokens"}) {
    CITY_RETURN_IF_ERROR(connection.Execute(TokenTable(table)));
    CITY_RETURN_IF_ERROR(connection.Execute(Setting(table, "hashsize", kGatheredBytes)));
  }
  CITY_RETURN_IF_ERROR(connection.Run(
      "INSERT INTO state(only_row, rules, position, mark, day_bits, documents, text_units)"
      " VALUES(1, ?, 0, '', ?, 0, 0)",
      Rules(), layout.day_bits));
  CITY_RETURN_IF_ERROR(connection.Execute(absl::StrCat(
      "PRAGMA user_version = ", kSchemaVersion, "; PRAGMA application_id = ", kApplicationId)));
  return transaction.Commit();
}

absl::StatusOr<std::string> WhyUnusable(sql::Connection& connection) {
  CITY_ASSIGN_OR_RETURN(const int64_t tables,
                        connection.QueryInt64("SELECT count(*) FROM sqlite_schema"));
  if (tables == 0) return std::string("there was none");
  CITY_ASSIGN_OR_RETURN(const int64_t owner, connection.QueryInt64("PRAGMA application_id"));
  if (owner != kApplicationId) {
    return base::FailedPrecondition("NOT_A_SEARCH_INDEX",
                                    "is a database of something else; name another file");
  }
  CITY_ASSIGN_OR_RETURN(const int64_t version, connection.QueryInt64("PRAGMA user_version"));
  if (version != kSchemaVersion) {
    return absl::StrCat("it has schema ", version, ", this program's is ", kSchemaVersion);
  }
  CITY_ASSIGN_OR_RETURN(sql::Statement rules, connection.Prepare("SELECT rules FROM state"));
  CITY_ASSIGN_OR_RETURN(const bool found, rules.Step());
  if (!found || rules.ColumnText(0) != Rules()) return std::string("it folds texts in another way");
  CITY_ASSIGN_OR_RETURN(const IndexState state, ReadState(connection));
  if (state.layout.day_bits < 1 || state.layout.day_bits > RowLayout::kMaxDayBits) {
    return std::string("it is damaged");
  }
  return std::string();
}

absl::StatusOr<IndexState> ReadState(sql::Connection& connection) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement row,
      connection.Prepare("SELECT position, day_bits, documents, text_units, mark FROM state"));
  CITY_ASSIGN_OR_RETURN(const bool found, row.Step());
  if (!found) return base::DataLoss("STORE_CORRUPT", "the search index is damaged");
  return IndexState{.position = row.ColumnInt64(0),
                    .mark = row.ColumnString(4),
                    .documents = row.ColumnInt64(2),
                    .text_units = row.ColumnInt64(3),
                    .layout = {.day_bits = static_cast<int>(row.ColumnInt64(1))}};
}

absl::Status WriteState(sql::Connection& connection, const IndexState& state) {
  return connection.Run("UPDATE state SET position = ?, mark = ?, documents = ?, text_units = ?",
                        state.position, state.mark, state.documents, state.text_units);
}

}  // namespace cityinfo::articles
