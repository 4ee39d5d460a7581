#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sqlite/statement.h"

struct sqlite3;

namespace cityinfo::sqlite {

// How hard a commit tries to be on the disk before it returns.
enum class Synchronous {
  // Commits survive a kill -9 but the last ones may be lost when the machine loses power.
  kNormal,
  // Every commit is synced: what was acknowledged is there after a power cut too. The default,
  // because
  // our writes are few (a newspaper, not a stock exchange) and an acknowledgement is a promise.
  kFull,
};

struct ConnectionOptions {
  bool readonly = false;
  // How long SQLite itself waits for another connection's lock before it says BUSY.
  absl::Duration busy_timeout = absl::Seconds(5);
  Synchronous synchronous = Synchronous::kFull;
  // Prepared statements kept for reuse; the least recently used is dropped.
  int max_cached_statements = 128;
};

// One connection to one SQLite file, in WAL mode with foreign keys on. It owns its prepared
// statements and is used by one thread at a time; Database hands connections out.
class Connection {
 public:
  // Creates the file if needed, unless read-only.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path,
                                                          const ConnectionOptions& options = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Compiles `sql` (one statement), or takes it from the cache.
  absl::StatusOr<Statement> Prepare(absl::string_view sql);

  // Runs one or several statements without parameters (schema, pragmas).
  absl::Status Execute(absl::string_view sql);

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

  int64_t LastInsertRowId() const;
  // Rows changed by the last INSERT, UPDATE or DELETE.
  int64_t Changes() const;
  bool InTransaction() const;

  // From now on a statement that is still running after `deadline` is stopped and gives
  // DEADLINE_EXCEEDED. A write stopped this way changes nothing once its transaction is rolled
  // back.
  void SetDeadline(absl::Time deadline) { deadline_ = deadline; }

  // True after an error that this connection cannot recover from; Database then replaces it.
  bool broken() const { return broken_; }

 private:
  friend class Statement;

  explicit Connection(sqlite3* handle, const ConnectionOptions& options);
  absl::Status Configure(const ConnectionOptions& options);
  // Takes a statement back into the cache.
  void Release(sqlite3_stmt* handle);
  // Maps `result_code` and notes whether it breaks the connection.
  absl::Status Error(int result_code, absl::string_view sql);
  static int OnProgress(void* self);

  using CacheOrder = std::list<std::pair<std::string, sqlite3_stmt*>>;  // most recent first

  sqlite3* const handle_;
  const size_t max_cached_;
  CacheOrder cache_order_;
  absl::flat_hash_map<std::string, CacheOrder::iterator> cache_;
  absl::Time deadline_ = absl::InfiniteFuture();
  bool broken_ = false;
};

}  // namespace cityinfo::sqlite
