#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/sqlite/connection.h"
#include "platform/sqlite/file_lock.h"
#include "platform/sqlite/migration.h"
#include "platform/sqlite/transaction.h"

// Everything an adapter needs of SQLite is reached from this header.
namespace cityinfo::sqlite {

class Database;

// A connection on loan. Gives it back when destroyed, after rolling back whatever was left open; a
// broken connection is closed and replaced. Must not outlive its Database.
class Lease {
 public:
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&&) = delete;
  ~Lease();

  Connection& operator*() const { return *connection_; }
  Connection* operator->() const { return connection_.get(); }

 private:
  friend class Database;
  Lease(Database* database, std::unique_ptr<Connection> connection, bool writer);

  Database* database_;
  std::unique_ptr<Connection> connection_;
  bool writer_;
};

// One SQLite file, opened by this process alone: one writer and several readers in WAL mode, so
// that reading never waits for writing. Thread-safe.
class Database {
 public:
  struct Options {
    std::string path;  // the folder is created if missing
    int readers = 4;
    // The longest anyone waits for a connection, whatever their own deadline.
    absl::Duration max_wait = absl::Seconds(5);
    absl::Duration busy_timeout = absl::Seconds(5);
    Synchronous synchronous = Synchronous::kFull;
    std::vector<Migration> migrations;
    // Runs on every new connection before anything else, to register functions and tokenizers.
    std::function<absl::Status(Connection&)> on_open;
  };

  // Locks the file, checks that it is a database, migrates it. The errors are written for operators
  // and name the file.
  static absl::StatusOr<std::unique_ptr<Database>> Open(Options options);
  // Every lease must have been given back.
  ~Database();

  // The only writer. Waits until it is free: DEADLINE_EXCEEDED if `deadline` passes first,
  // RESOURCE_EXHAUSTED (STORE_BUSY) after max_wait. Statements run until `deadline` at most.
  absl::StatusOr<Lease> Write(absl::Time deadline = absl::InfiniteFuture());
  // One of the readers; the same errors.
  absl::StatusOr<Lease> Read(absl::Time deadline = absl::InfiniteFuture());

  // Copies the WAL into the main file and truncates it, as far as readers allow.
  absl::Status Checkpoint();

  const std::string& path() const { return options_.path; }

 private:
  friend class Lease;

  struct Slots {
    std::vector<std::unique_ptr<Connection>> idle;
    int unopened = 0;  // free places whose connection is yet to be opened
  };

  Database(Options options, FileLock lock);
  absl::StatusOr<std::unique_ptr<Connection>> OpenConnection(bool writer);
  absl::StatusOr<Lease> Borrow(bool writer, absl::Time deadline);
  void Return(std::unique_ptr<Connection> connection, bool writer);

  const Options options_;
  const FileLock lock_;
  absl::Mutex mutex_;
  Slots writer_ ABSL_GUARDED_BY(mutex_);
  Slots readers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cityinfo::sqlite
