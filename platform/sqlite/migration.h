#pragma once

#include <span>

#include "absl/status/status.h"
#include "platform/sqlite/connection.h"

namespace cityinfo::sqlite {

// One step of a schema's history. Steps are never changed once released, only added at the end; the
// number of steps a file has taken is kept in its user_version.
struct Migration {
  const char* name;  // for messages: "create articles"
  const char* sql;   // one or several statements, run in one transaction
};

// Brings the file up to date, each step in its own transaction. A file that has taken more steps
// than we know was written by a newer release: FAILED_PRECONDITION, SCHEMA_TOO_NEW, and nothing is
// touched.
absl::Status Migrate(Connection& connection, std::span<const Migration> migrations);

}  // namespace cityinfo::sqlite
