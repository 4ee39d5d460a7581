#include "platform/sqlite/migration.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status_macros.h"
#include "platform/sql/transaction.h"

namespace cityinfo::sqlite {
namespace {

absl::Status TakeStep(sql::Connection& connection, const sql::Migration& migration,
                      int64_t version) {
  CITY_ASSIGN_OR_RETURN(sql::Transaction transaction, sql::Transaction::Begin(connection));
  CITY_RETURN_IF_ERROR(connection.Execute(migration.sql));
  // A pragma takes no parameters. It is part of the transaction like any other change.
  CITY_RETURN_IF_ERROR(connection.Execute(absl::StrCat("PRAGMA user_version = ", version)));
  return transaction.Commit();
}

}  // namespace

absl::Status Migrate(sql::Connection& connection, std::span<const sql::Migration> migrations,
                     sql::MigrationPolicy policy) {
  CITY_ASSIGN_OR_RETURN(const int64_t version, connection.QueryInt64("PRAGMA user_version"));
  const auto known = static_cast<int64_t>(migrations.size());
  if (version > known) return sql::SchemaTooNew(version, known);
  if (version < known && policy == sql::MigrationPolicy::kCheck) {
    return sql::SchemaOutOfDate(version, known);
  }
  for (int64_t step = version; step < known; ++step) {
    CITY_RETURN_IF_ERROR(sql::NameStep(TakeStep(connection, migrations[step], step + 1),
                                       migrations[step], step + 1));
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::sqlite
