#pragma once

#include <span>
#include <string>

#include "absl/status/status.h"
#include "platform/postgres/connection.h"
#include "platform/sql/migration.h"

namespace cityinfo::postgres {

// Brings `schema` up to date, each step in a transaction of its own that holds the write lock: of
// several processes that start at once each step is taken by one, and the others wait for it some
// minutes (STORE_BUSY). The steps taken stand in the schema's table schema_migrations. A database
// that has taken steps we do not know was migrated by a newer release: SCHEMA_TOO_NEW, unless all
// of them are compatible. One whose steps have other names than ours, or holes between them, is not
// ours: SCHEMA_MISMATCH.
absl::Status Migrate(Connection& connection, const std::string& schema,
                     std::span<const sql::Migration> migrations, sql::MigrationPolicy policy);

}  // namespace cityinfo::postgres
