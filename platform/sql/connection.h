#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sql/statement.h"

namespace cityinfo::sql {

enum class Dialect { kSqlite, kPostgres };

enum class TransactionMode {
  // Alone among the writers of the database, in this process and in every other, from Begin to the
  // end: what it reads cannot change under it, and commits come in the order of Begin. SQLite's
  // write lock; on PostgreSQL an advisory lock that all writers of one schema take.
  kWrite,
  // Several reads that see one moment of the database.
  kRead,
};

// One connection to a database, with its prepared statements. Used by one thread at a time;
// Database hands connections out.
//
// SQL is written once for both dialects: parameters are ? or ?1 (PostgreSQL's $1 is made of them),
// integers are 64 bits wide, truth is 0 or 1, times are microseconds and days are days since 1970,
// text compares byte by byte. A parameter has the type that the place it stands in suggests, so
// where nothing suggests one (a parameter alone in a SELECT, an addition of two) it says
// CAST(? AS BIGINT). Where the dialects part, ask dialect() and say why.
//
// After an error a transaction can only be rolled back. (PostgreSQL is strict about it: use ON
// CONFLICT where a row may be there already, rather than waiting for the error.)
class Connection {
 public:
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  virtual Dialect dialect() const = 0;

  // Compiles `sql` (one statement), or takes it from the cache.
  virtual absl::StatusOr<Statement> Prepare(absl::string_view sql) = 0;

  // Runs one or several statements without parameters (schema, settings).
  virtual absl::Status Execute(absl::string_view sql) = 0;

  // Prepares, binds and runs a statement that gives no rows.
  template <typename... Args>
  absl::Status Run(absl::string_view sql, const Args&... args) {
    absl::StatusOr<Statement> statement = Prepare(sql);
    if (!statement.ok()) return statement.status();
    return statement->BindAll(args...).Run();
  }

  // The first column of the first row; NOT_FOUND when there is no row.
  template <typename... Args>
  absl::StatusOr<int64_t> QueryInt64(absl::string_view sql, const Args&... args) {
    absl::StatusOr<Statement> statement = Prepare(sql);
    if (!statement.ok()) return statement.status();
    absl::StatusOr<bool> row = statement->BindAll(args...).Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::NotFoundError("no row");
    return statement->ColumnInt64(0);
  }

  // Rows changed by the last INSERT, UPDATE or DELETE.
  virtual int64_t Changes() const = 0;

  // See Transaction, which calls these.
  virtual absl::Status Begin(TransactionMode mode) = 0;
  virtual absl::Status Commit() = 0;
  virtual absl::Status Rollback() = 0;
  virtual bool InTransaction() const = 0;

  // Inside a write: whoever watches `channel` (Database::Watch), in whatever process, is told once
  // the transaction has been committed. Nothing is sent when it is rolled back.
  virtual absl::Status Notify(absl::string_view channel) = 0;

  // From now on a statement that is still running after `deadline` is stopped and gives
  // DEADLINE_EXCEEDED. A write stopped this way changes nothing once its transaction is rolled
  // back.
  virtual void SetDeadline(absl::Time deadline) = 0;

  // True when this connection should not be used again: after an error that it cannot recover from,
  // or, asked between two uses, when its server has closed it or it has lived long enough. Database
  // then replaces it.
  virtual bool broken() const = 0;

 protected:
  Connection() = default;
};

}  // namespace cityinfo::sql
