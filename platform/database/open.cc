#include "platform/database/open.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"
#include "platform/postgres/database.h"
#include "platform/sqlite/database.h"

namespace cityinfo::database {
namespace {

absl::StatusOr<std::unique_ptr<sql::Database>> OpenSqlite(const Options& options,
                                                          const Schema& schema) {
  const std::string path(absl::StripPrefix(options.store, "sqlite:"));
  if (path.empty()) return base::InvalidArgument("--store", "sqlite: names no file");
  if (!options.standby.empty()) {
    return base::InvalidArgument("--store-standby", "SQLite has no standby");
  }
  if (!options.password_file.empty()) {
    return base::InvalidArgument("--store-password-file", "SQLite has no password");
  }
  return sqlite::Database::Open({.path = path,
                                 .readers = options.connections,
                                 .synchronous = options.synchronous,
                                 .migrations = schema.sqlite,
                                 .migration_policy = options.migrate});
}

absl::Status NameFlag(const absl::Status& status, absl::string_view flag) {
  return base::InvalidArgument(flag, status.message(), base::ErrorReason(status));
}

absl::StatusOr<std::unique_ptr<sql::Database>> OpenPostgres(const Options& options,
                                                            const Schema& schema) {
  auto primary = postgres::Endpoint::Parse(options.store, options.password_file);
  if (!primary.ok()) return NameFlag(primary.status(), "--store");
  std::optional<postgres::Endpoint> standby;
  if (!options.standby.empty()) {
    auto parsed = postgres::Endpoint::Parse(options.standby, options.password_file);
    if (!parsed.ok()) return NameFlag(parsed.status(), "--store-standby");
    standby = *std::move(parsed);
  }
  if (options.connections < 2) {
    return base::InvalidArgument("--store-connections", "PostgreSQL needs at least 2: one writes");
  }
  return postgres::Database::Open({.primary = *std::move(primary),
                                   .standby = std::move(standby),
                                   .schema = schema.name,
                                   .connections = options.connections,
                                   .migrations = schema.postgres,
                                   .migration_policy = options.migrate});
}

}  // namespace

absl::StatusOr<std::unique_ptr<sql::Database>> Open(const Options& options, const Schema& schema) {
  if (options.connections < 1) {
    return base::InvalidArgument("--store-connections", "at least 1 is needed");
  }
  if (absl::StartsWith(options.store, "sqlite:")) return OpenSqlite(options, schema);
  if (absl::StartsWith(options.store, "postgresql:") ||
      absl::StartsWith(options.store, "postgres:")) {
    return OpenPostgres(options, schema);
  }
  return base::InvalidArgument("--store", "is neither sqlite:PATH nor postgresql://…");
}

}  // namespace cityinfo::database
