#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "services/articles/domain/article.h"

namespace cityinfo::bench {

// The baseline of import and of index size: SQLite with a plain table of articles and a contentless
// FTS5 table over their title and text, written with two prepared statements in transactions of
// kTransaction articles, in WAL mode as the service does. Nothing else: no revisions, no feed, no
// checks, no network. Ends the program when SQLite refuses. For one thread.
class BareFts {
 public:
  // What FTS5 keeps of a token: kNone the documents that hold it, kFull where it stands in each.
  enum class Detail { kNone, kFull };
  // Pairs of neighbouring characters alone, or what the service's own tokenizer gives: single
  // characters and labels as well.
  enum class Tokens { kPairs, kService };

  static constexpr size_t kTransaction = 1000;

  BareFts(const std::string& path, Detail detail, Tokens tokens);

  // What is written of one article; `words` is folded and laid out as the service's search does it,
  // so that both index the same tokens.
  struct Row {
    std::string title, section, tags, publication, publish_date, page, place, text, words;
  };
  static Row MakeRow(const articles::ArticleContent& content);

  void Add(const std::vector<Row>& rows);

  // Bytes of the pages that hold the FTS5 index; everything is in the main file afterwards.
  int64_t IndexBytes();

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Close>;

  void Execute(const std::string& sql);
  Statement Prepare(const std::string& sql);
  void Step(sqlite3_stmt* statement);
  void AddOne(const Row& row);

  std::unique_ptr<sqlite3, Close> db_;
  Statement add_row_, add_index_;
  int64_t next_ = 0;
};

}  // namespace cityinfo::bench
