#pragma once

#include "platform/sql/statement.h"

struct sqlite3_stmt;

namespace cityinfo::sqlite {

class Connection;

// One use of a prepared SQLite statement; on destruction it is reset and goes back to its
// connection's cache. A column of another type than asked for is converted as SQLite does.
class Cursor final : public sql::Cursor {
 public:
  Cursor(Connection* connection, sqlite3_stmt* handle);
  ~Cursor() override;
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  void BindNull(int index) override;
  void BindInt64(int index, int64_t value) override;
  void BindDouble(int index, double value) override;
  void BindText(int index, absl::string_view value) override;
  void BindBlob(int index, absl::string_view value) override;

  absl::StatusOr<bool> Step() override;
  void Reset() override;

  bool ColumnIsNull(int column) const override;
  int64_t ColumnInt64(int column) const override;
  double ColumnDouble(int column) const override;
  absl::string_view ColumnText(int column) const override;
  absl::string_view ColumnBlob(int column) const override;

 private:
  void Note(int result_code);

  Connection* const connection_;
  sqlite3_stmt* const handle_;
  int bind_error_ = 0;
};

}  // namespace cityinfo::sqlite
