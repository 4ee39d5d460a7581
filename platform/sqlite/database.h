#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/sql/database.h"
#include "platform/sql/migration.h"
#include "platform/sqlite/connection.h"
#include "platform/sqlite/file_lock.h"

namespace cityinfo::sqlite {

// One SQLite file, opened by this process alone: one writer and several readers in WAL mode, so
// that reading never waits for writing. Thread-safe.
class Database final : public sql::Database {
 public:
  struct Options {
    std::string path;  // the folder is created if missing
    int readers = 4;
    // The longest anyone waits for a connection, whatever their own deadline.
    absl::Duration max_wait = absl::Seconds(5);
    absl::Duration busy_timeout = absl::Seconds(5);
    Synchronous synchronous = Synchronous::kFull;
    std::vector<sql::Migration> migrations;
    sql::MigrationPolicy migration_policy = sql::MigrationPolicy::kAuto;
  };

  // Locks the file, checks that it is a database, migrates it. The errors are written for operators
  // and name the file.
  static absl::StatusOr<std::unique_ptr<Database>> Open(Options options);
  ~Database() override;

  // The only writer.
  absl::StatusOr<sql::Lease> Write(absl::Time deadline = absl::InfiniteFuture()) override;
  // One of the readers. There is no standby, so `freshness` changes nothing.
  absl::StatusOr<sql::Lease> Read(absl::Time deadline = absl::InfiniteFuture(),
                                  sql::Freshness freshness = sql::Freshness::kNewest) override;

  // Null: nobody else writes this file.
  std::unique_ptr<sql::Watch> StartWatch(absl::string_view channel,
                                         std::function<void()> look) override;
  // Copies the write-ahead log into the main file and truncates it, as far as readers allow.
  absl::Status Checkpoint() override;
  std::vector<PoolUsage> Usage() const override;
  std::string address() const override { return "sqlite:" + options_.path; }

 private:
  Database(Options options, FileLock lock);
  void Return(std::unique_ptr<sql::Connection> connection, sql::Lease::Kind kind) override;

  const Options options_;
  const FileLock lock_;
  sql::Pool writer_;
  sql::Pool readers_;
};

}  // namespace cityinfo::sqlite
