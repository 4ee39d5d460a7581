#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"

struct sqlite3;
struct sqlite3_stmt;

namespace cityinfo::sqlite {

// How hard a commit tries to be on the disk before it returns.
enum class Synchronous {
  // Commits survive a kill -9 but the last ones may be lost when the machine loses power.
  kNormal,
  // Every commit is synced: what was acknowledged is there after a power cut too. The default,
  // because our writes are few (a newspaper, not a stock exchange) and an acknowledgement is a
  // promise.
  kFull,
};

struct ConnectionOptions {
  bool readonly = false;
  // How long SQLite itself waits for another connection's lock before it says BUSY.
  absl::Duration busy_timeout = absl::Seconds(5);
  Synchronous synchronous = Synchronous::kFull;
  // Prepared statements kept for reuse; the least recently used is dropped.
  int max_cached_statements = 128;
  // Called with the new connection before anything else is done with it: for what SQL cannot say,
  // as registering a tokenizer, and for settings that must come first. An error is what Open gives.
  std::function<absl::Status(sqlite3*)> on_open;
};

// One connection to one SQLite file, in WAL mode with foreign keys on.
class Connection final : public sql::Connection {
 public:
  // Creates the file if needed, unless read-only.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path,
                                                          const ConnectionOptions& options = {});
  ~Connection() override;

  sql::Dialect dialect() const override { return sql::Dialect::kSqlite; }
  absl::StatusOr<sql::Statement> Prepare(absl::string_view sql) override;
  absl::Status Execute(absl::string_view sql) override;
  int64_t Changes() const override;

  // kWrite takes the file's one write lock at once, kRead sees the moment of its first statement.
  absl::Status Begin(sql::TransactionMode mode) override;
  absl::Status Commit() override { return Run("COMMIT"); }
  absl::Status Rollback() override { return Run("ROLLBACK"); }
  bool InTransaction() const override;
  // Does nothing: one process has the file, and it knows its own commits.
  absl::Status Notify(absl::string_view channel) override;

  void SetDeadline(absl::Time deadline) override { deadline_ = deadline; }
  bool broken() const override { return broken_; }

 private:
  friend class Cursor;

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
