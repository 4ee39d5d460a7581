#pragma once

#include <cstddef>
#include <functional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "platform/sql/connection.h"

namespace cityinfo::articles {

// Takes the values of one row after another, in the order of the columns.
class RowValues {
 public:
  explicit RowValues(sql::Statement& statement) : statement_(statement) {}

  template <typename... Args>
  void Add(const Args&... values) {
    (statement_.Bind(++index_, values), ...);
  }

 private:
  sql::Statement& statement_;
  int index_ = 0;
};

struct RowsInsert {
  absl::string_view into;  // "article_tags (tag, publish_day, article_seq)"
  // One row's values, "(?, ?, ?)". Parameters have no numbers.
  absl::string_view values;
  absl::string_view returning;  // "RETURNING seq, id"; may be empty.
};

// Stores `count` rows with few statements: each is a round trip where the database is another
// machine. Their lengths are a few, so that each is kept prepared. `bind(values, i)` adds all
// values of row i; `returned`, which may be empty, is called for every row that comes back, in any
// order.
absl::Status InsertRows(sql::Connection& connection, const RowsInsert& insert, size_t count,
                        const std::function<void(RowValues& values, size_t row)>& bind,
                        const std::function<void(const sql::Statement& row)>& returned = nullptr);

}  // namespace cityinfo::articles
