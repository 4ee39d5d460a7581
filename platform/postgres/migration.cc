#include "platform/postgres/migration.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/sql/transaction.h"

namespace cityinfo::postgres {
namespace {

// How long we try to get a lock, each time for the session's lock_timeout: another replica's step
// may take minutes, and so may a report that reads a table we change.
constexpr absl::Duration kPatience = absl::Minutes(5);

// What the database says of itself against what we know.
struct Progress {
  int64_t taken = 0;
  bool usable = true;  // the steps we do not know are all compatible
};

absl::StatusOr<Progress> ReadProgress(Connection& connection, const std::string& schema,
                                      std::span<const sql::Migration> migrations) {
  // Not to_regclass(), which answers from a cache that may be as old as the transaction.
  CITY_ASSIGN_OR_RETURN(
      const int64_t begun,
      connection.QueryInt64("SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = ? AND "
                            "tablename = 'schema_migrations'",
                            schema));
  const auto known = static_cast<int64_t>(migrations.size());
  Progress progress;
  if (begun == 0) return progress;
  CITY_ASSIGN_OR_RETURN(
      sql::Statement steps,
      connection.Prepare("SELECT version, name, compatible FROM schema_migrations ORDER BY "
                         "version"));
  CITY_RETURN_IF_ERROR(steps.ForEach([&](sql::Statement& row) -> absl::Status {
    const int64_t version = row.ColumnInt64(0);
    if (progress.taken < known && version != progress.taken + 1) {
      return base::FailedPrecondition(
          "SCHEMA_MISMATCH", absl::StrCat("the schema ", schema, " has taken step ", version,
                                          " after step ", progress.taken));
    }
    progress.taken = version;
    if (version > known) {
      progress.usable = progress.usable && row.ColumnBool(2);
      return absl::OkStatus();
    }
    const char* const ours = migrations[static_cast<size_t>(progress.taken - 1)].name;
    if (row.ColumnText(1) == ours) return absl::OkStatus();
    return base::FailedPrecondition(
        "SCHEMA_MISMATCH",
        absl::StrCat("step ", progress.taken, " of the schema ", schema, " is \"",
                     row.ColumnText(1), "\", but this release knows it as \"", ours,
                     "\"; the database belongs to something else"));
  }));
  return progress;
}

absl::Status TakeStep(Connection& connection, const std::string& schema, const sql::Migration& step,
                      int64_t version) {
  if (version == 1) {
    // Inside our transaction, for two processes that create a schema at the same moment would both
    // find it missing.
    CITY_RETURN_IF_ERROR(connection.Execute(absl::StrCat(
        "CREATE SCHEMA IF NOT EXISTS \"", schema, "\"; CREATE TABLE schema_migrations (",
        "version BIGINT PRIMARY KEY, name TEXT NOT NULL, compatible BOOLEAN NOT NULL, ",
        "applied_at TIMESTAMPTZ NOT NULL DEFAULT now())")));
  }
  CITY_RETURN_IF_ERROR(connection.Execute(step.sql));
  return connection.Run(
      "INSERT INTO schema_migrations (version, name, compatible) VALUES (?, ?, ?)", version,
      step.name, step.compatible);
}

// Takes the next step, if there is one; false when there is none.
absl::StatusOr<bool> Advance(Connection& connection, const std::string& schema,
                             std::span<const sql::Migration> migrations) {
  CITY_ASSIGN_OR_RETURN(sql::Transaction transaction, sql::Transaction::Begin(connection));
  CITY_RETURN_IF_ERROR(connection.AllowSlowStatements());
  // Looked at again under the lock: another process, perhaps a newer release, may have been here.
  CITY_ASSIGN_OR_RETURN(const Progress progress, ReadProgress(connection, schema, migrations));
  const auto known = static_cast<int64_t>(migrations.size());
  if (!progress.usable) return sql::SchemaTooNew(progress.taken, known);
  if (progress.taken >= known) return false;
  const sql::Migration& step = migrations[static_cast<size_t>(progress.taken)];
  absl::Status taken = TakeStep(connection, schema, step, progress.taken + 1);
  if (taken.ok()) taken = transaction.Commit();
  if (!taken.ok()) return sql::NameStep(taken, step, progress.taken + 1);
  return true;
}

}  // namespace

absl::Status Migrate(Connection& connection, const std::string& schema,
                     std::span<const sql::Migration> migrations, sql::MigrationPolicy policy) {
  const auto known = static_cast<int64_t>(migrations.size());
  CITY_ASSIGN_OR_RETURN(const Progress progress, ReadProgress(connection, schema, migrations));
  if (!progress.usable) return sql::SchemaTooNew(progress.taken, known);
  if (progress.taken < known && policy == sql::MigrationPolicy::kCheck) {
    return sql::SchemaOutOfDate(progress.taken, known);
  }
  if (connection.read_only()) {
    return base::FailedPrecondition(
        "STORE_READ_ONLY", "the database may only be read: a standby, or one that is set so");
  }
  const absl::Time give_up = absl::Now() + kPatience;
  for (bool more = progress.taken < known; more;) {
    const absl::StatusOr<bool> advanced = Advance(connection, schema, migrations);
    if (advanced.ok()) {
      more = *advanced;
    } else if (base::ErrorReason(advanced.status()) != "STORE_BUSY" || absl::Now() >= give_up) {
      return advanced.status();
    }
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::postgres
