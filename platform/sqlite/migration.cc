#include "platform/sqlite/migration.h"

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/sqlite/transaction.h"

namespace cityinfo::sqlite {
namespace {

absl::Status TakeStep(Connection& connection, const Migration& migration, int64_t version) {
  absl::StatusOr<Transaction> transaction = Transaction::Begin(connection);
  if (!transaction.ok()) return transaction.status();
  absl::Status status = connection.Execute(migration.sql);
  // A pragma takes no parameters. It is part of the transaction like any other change.
  if (status.ok()) status = connection.Execute(absl::StrCat("PRAGMA user_version = ", version));
  if (status.ok()) status = transaction->Commit();
  if (status.ok()) return status;
  return base::WithDetail(status, absl::StrCat("migration ", version, ", ", migration.name, ": ",
                                               base::ErrorDetail(status)));
}

}  // namespace

absl::Status Migrate(Connection& connection, std::span<const Migration> migrations) {
  absl::StatusOr<int64_t> version = connection.QueryInt64("PRAGMA user_version");
  if (!version.ok()) return version.status();
  const auto known = static_cast<int64_t>(migrations.size());
  if (*version > known) {
    return base::FailedPrecondition(
        "SCHEMA_TOO_NEW", absl::StrCat("the data file has schema version ", *version,
                                       ", but this release knows only up to ", known,
                                       "; run the release that wrote it, or a newer one"));
  }
  for (int64_t step = *version; step < known; ++step) {
    absl::Status status = TakeStep(connection, migrations[step], step + 1);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::sqlite
