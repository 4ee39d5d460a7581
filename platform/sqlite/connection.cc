#include "platform/sqlite/connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/sqlite/cursor.h"
#include "platform/sqlite/sqlite_error.h"

namespace cityinfo::sqlite {
namespace {

// How many steps of SQLite's virtual machine lie between two looks at the deadline: well under a
// millisecond, and too rare to be felt.
constexpr int kStepsBetweenDeadlineChecks = 20'000;

struct CloseHandle {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& path,
                                                             const ConnectionOptions& options) {
  // NOMUTEX: a connection is used by one thread at a time, so SQLite need not lock it.
  const int flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
      (options.readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3* handle = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  std::unique_ptr<sqlite3, CloseHandle> owner(
      handle);  // there is a handle even when opening failed
  if (result != SQLITE_OK) return MapError(result, absl::StrCat("opening ", path));
  std::unique_ptr<Connection> connection(new Connection(owner.release(), options));
  absl::Status configured = connection->Configure(options);
  if (!configured.ok()) return configured;
  return connection;
}

Connection::Connection(sqlite3* handle, const ConnectionOptions& options)
    : handle_(handle), max_cached_(static_cast<size_t>(options.max_cached_statements)) {}

Connection::~Connection() {
  for (const auto& [sql, statement] : cache_order_) sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

absl::Status Connection::Configure(const ConnectionOptions& options) {
  if (options.on_open) {
    absl::Status opened = options.on_open(handle_);
    if (!opened.ok()) return opened;
  }
  sqlite3_busy_timeout(handle_, static_cast<int>(absl::ToInt64Milliseconds(options.busy_timeout)));
  sqlite3_progress_handler(handle_, kStepsBetweenDeadlineChecks, &Connection::OnProgress, this);
  absl::Status status = Execute("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY");
  if (!status.ok() || options.readonly) return status;
  // journal_size_limit gives the space of a WAL that once grew large back to the disk.
  return Execute(absl::StrCat(
      "PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864; ",
      "PRAGMA synchronous = ", options.synchronous == Synchronous::kFull ? "FULL" : "NORMAL"));
}

absl::StatusOr<sql::Statement> Connection::Prepare(absl::string_view sql) {
  auto cached = cache_.find(sql);
  if (cached != cache_.end()) {
    sqlite3_stmt* handle = cached->second->second;
    cache_order_.erase(cached->second);
    cache_.erase(cached);
    return sql::Statement(std::make_unique<Cursor>(this, handle));
  }
  if (sql.size() > static_cast<size_t>(std::numeric_limits<int>::max())) {
    return Error(SQLITE_TOOBIG, "a statement of more than 2 GiB");
  }
  sqlite3_stmt* handle = nullptr;
  const int result = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (result != SQLITE_OK) return Error(result, sql);
  if (handle == nullptr) return Error(SQLITE_MISUSE, "an empty statement");
  return sql::Statement(std::make_unique<Cursor>(this, handle));
}

void Connection::Release(sqlite3_stmt* handle) {
  // The text SQLite keeps is the text it was prepared from, so it serves as the key. The same
  // statement used twice at once (a loop in a loop) comes back twice: one copy is enough.
  const std::string sql = sqlite3_sql(handle);
  if (max_cached_ == 0 || cache_.contains(sql)) {
    sqlite3_finalize(handle);
    return;
  }
  cache_order_.emplace_front(sql, handle);
  cache_.emplace(sql, cache_order_.begin());
  if (cache_order_.size() > max_cached_) {
    sqlite3_finalize(cache_order_.back().second);
    cache_.erase(cache_order_.back().first);
    cache_order_.pop_back();
  }
}

absl::Status Connection::Execute(absl::string_view sql) {
  const std::string text(sql);
  const int result = sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr);
  return result == SQLITE_OK ? absl::OkStatus() : Error(result, sql);
}

absl::Status Connection::Error(int result_code, absl::string_view sql) {
  if (BreaksConnection(result_code)) broken_ = true;
  return MapError(result_code, absl::StrCat(sqlite3_errmsg(handle_), "; in: ", sql.substr(0, 500)));
}

int64_t Connection::Changes() const { return sqlite3_changes64(handle_); }

absl::Status Connection::Begin(sql::TransactionMode mode) {
  return Run(mode == sql::TransactionMode::kWrite ? "BEGIN IMMEDIATE" : "BEGIN");
}

absl::Status Connection::Notify(absl::string_view) { return absl::OkStatus(); }

bool Connection::InTransaction() const { return sqlite3_get_autocommit(handle_) == 0; }

int Connection::OnProgress(void* self) {
  const absl::Time deadline = static_cast<Connection*>(self)->deadline_;
  return deadline != absl::InfiniteFuture() && absl::Now() >= deadline ? 1 : 0;
}

}  // namespace cityinfo::sqlite
