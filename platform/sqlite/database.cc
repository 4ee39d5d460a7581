#include "platform/sqlite/database.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/sqlite/migration.h"

namespace cityinfo::sqlite {
namespace {

// The same error, told to an operator who has to know which file it is about.
absl::Status NameFile(const absl::Status& status, const std::string& path) {
  if (status.ok()) return status;
  return base::WithDetail(base::MakeError(status.code(), base::ErrorReason(status),
                                          absl::StrCat(path, ": ", status.message())),
                          base::ErrorDetail(status));
}

absl::Status CreateFolderOf(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (!error) return absl::OkStatus();
  return base::FailedPrecondition(
      "STORE_CANNOT_OPEN",
      absl::StrCat("cannot create the folder ", folder.string(), ": ", error.message()));
}

sql::Pool::Options PoolOf(const Database::Options& options, bool writer) {
  return {.size = writer ? 1 : options.readers,
          .max_wait = options.max_wait,
          .open = [path = options.path,
                   connection = ConnectionOptions{.readonly = !writer,
                                                  .busy_timeout = options.busy_timeout,
                                                  .synchronous = options.synchronous}](absl::Time) {
            return Connection::Open(path, connection);
          }};
}

}  // namespace

Database::Database(Options options, FileLock lock)
    : options_(std::move(options)),
      lock_(std::move(lock)),
      writer_(PoolOf(options_, /*writer=*/true)),
      readers_(PoolOf(options_, /*writer=*/false)) {}

Database::~Database() = default;

absl::StatusOr<std::unique_ptr<Database>> Database::Open(Options options) {
  CITY_RETURN_IF_ERROR(CreateFolderOf(options.path));
  CITY_ASSIGN_OR_RETURN(FileLock lock, FileLock::Acquire(options.path));
  std::unique_ptr<Database> database(new Database(std::move(options), std::move(lock)));
  // The writer comes first: it creates the file and brings the schema up to date before anyone
  // reads.
  absl::StatusOr<std::unique_ptr<sql::Connection>> writer =
      database->writer_.Take(absl::InfiniteFuture());
  if (!writer.ok()) return NameFile(writer.status(), database->options_.path);
  absl::Status migrated =
      Migrate(**writer, database->options_.migrations, database->options_.migration_policy);
  database->writer_.Give(*std::move(writer));
  if (!migrated.ok()) return NameFile(migrated, database->options_.path);
  return database;
}

absl::StatusOr<sql::Lease> Database::Write(absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(auto connection, writer_.Take(deadline));
  return sql::Lease(this, std::move(connection), sql::Lease::Kind::kWriter);
}

absl::StatusOr<sql::Lease> Database::Read(absl::Time deadline, sql::Freshness) {
  CITY_ASSIGN_OR_RETURN(auto connection, readers_.Take(deadline));
  return sql::Lease(this, std::move(connection), sql::Lease::Kind::kReader);
}

void Database::Return(std::unique_ptr<sql::Connection> connection, sql::Lease::Kind kind) {
  (kind == sql::Lease::Kind::kWriter ? writer_ : readers_).Give(std::move(connection));
}

std::unique_ptr<sql::Watch> Database::StartWatch(absl::string_view, std::function<void()>) {
  return nullptr;
}

std::vector<sql::Database::PoolUsage> Database::Usage() const {
  return {{"writer", writer_.usage()}, {"reader", readers_.usage()}};
}

absl::Status Database::Checkpoint() {
  absl::StatusOr<sql::Lease> writer = Write();
  if (!writer.ok()) return writer.status();
  return (*writer)->Execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace cityinfo::sqlite
