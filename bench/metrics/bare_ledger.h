#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace cityinfo::bench {

// The least that keeping a new loaded value takes: the rows that the store writes of it, put into
// the same tables and indexes of a SQLite file by prepared statements, a transaction for every
// batch. It knows beforehand what is new, looks nothing up, checks no references and forgets what
// it wrote.
class BareLedger {
 public:
  // Everything of a value, ready to be bound.
  struct Row {
    std::string figure_id, source, indicator, place, period, printed, exact_value, unit;
    std::int64_t period_last = 0;
    std::int64_t period_first = 0;
    std::int64_t publish_day = 0;
    std::int64_t moment = 0;
    bool new_series = false;
  };

  explicit BareLedger(const std::string& path);
  void Add(const std::vector<Row>& rows);

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  void Execute(const std::string& sql);
  Statement Prepare(const std::string& sql);
  void Step(const Statement& statement);
  std::int64_t NewRow() { return sqlite3_last_insert_rowid(db_.get()); }

  std::unique_ptr<sqlite3, Close> db_;  // first: it outlives the statements
  Statement series_, observation_, statement_, vintage_, link_, change_, version_;
  absl::flat_hash_map<std::string, std::int64_t> series_ids_;  // by indicator and place
  std::int64_t changes_ = 0;
};

}  // namespace cityinfo::bench
