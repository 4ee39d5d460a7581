#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/sql/database.h"
#include "platform/sql/migration.h"
#include "platform/sqlite/connection.h"

// Where a service's data is, as an operator says it. The one place that knows all drivers.
namespace cityinfo::database {

struct Options {
  // "sqlite:PATH", or a libpq URI "postgresql://…" without a password: a command line shows it to
  // every user of the machine.
  std::string store;
  // "postgresql://…" of a hot standby that reads may go to; empty: none.
  std::string standby;
  // A file that holds the password alone, read again at each connect so that it can be changed.
  // Empty: what libpq itself does (PGPASSFILE, ~/.pgpass, a peer's name).
  std::string password_file;
  // PostgreSQL: at most so many of this process to each server. SQLite: readers.
  int connections = 8;
  using Migrate = sql::MigrationPolicy;
  Migrate migrate = Migrate::kAuto;
  // SQLite only; PostgreSQL's is the server's synchronous_commit.
  sqlite::Synchronous synchronous = sqlite::Synchronous::kFull;
};

// What a service keeps in its database.
struct Schema {
  std::string name;  // "articles"; PostgreSQL's schema, and what its write lock is named after
  std::vector<sql::Migration> sqlite;
  std::vector<sql::Migration> postgres;
};

// Connects (SQLite: creates the file if missing), migrates as `options.migrate` says. The errors
// are written for operators: one line that names the flag, file or host that is wrong.
absl::StatusOr<std::unique_ptr<sql::Database>> Open(const Options& options, const Schema& schema);

}  // namespace cityinfo::database
