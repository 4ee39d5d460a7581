#pragma once

#include <span>

#include "absl/status/status.h"
#include "platform/sql/connection.h"
#include "platform/sql/migration.h"

namespace cityinfo::sqlite {

// Brings the file up to date, each step in its own transaction; the number of steps it has taken is
// its user_version. A file that has taken more steps than we know was written by a newer release:
// SCHEMA_TOO_NEW, and nothing is touched. One process has the file, so there is no older release to
// go on beside a newer one, and Migration::compatible says nothing here.
absl::Status Migrate(sql::Connection& connection, std::span<const sql::Migration> migrations,
                     sql::MigrationPolicy policy = sql::MigrationPolicy::kAuto);

}  // namespace cityinfo::sqlite
