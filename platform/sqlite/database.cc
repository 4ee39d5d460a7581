#include "platform/sqlite/database.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"

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

}  // namespace

Lease::Lease(Database* database, std::unique_ptr<Connection> connection, bool writer)
    : database_(database), connection_(std::move(connection)), writer_(writer) {}

Lease::Lease(Lease&& other) noexcept = default;

Lease::~Lease() {
  if (connection_ != nullptr) database_->Return(std::move(connection_), writer_);
}

Database::Database(Options options, FileLock lock)
    : options_(std::move(options)), lock_(std::move(lock)) {}

Database::~Database() = default;

absl::StatusOr<std::unique_ptr<Database>> Database::Open(Options options) {
  absl::Status folder = CreateFolderOf(options.path);
  if (!folder.ok()) return folder;
  absl::StatusOr<FileLock> lock = FileLock::Acquire(options.path);
  if (!lock.ok()) return lock.status();
  std::unique_ptr<Database> database(new Database(std::move(options), *std::move(lock)));
  // The writer comes first: it creates the file and brings the schema up to date before anyone
  // reads.
  absl::StatusOr<std::unique_ptr<Connection>> writer = database->OpenConnection(/*writer=*/true);
  absl::Status status =
      writer.ok() ? Migrate(**writer, database->options_.migrations) : writer.status();
  if (!status.ok()) return NameFile(status, database->options_.path);
  absl::MutexLock mutex_lock(&database->mutex_);
  database->writer_.idle.push_back(*std::move(writer));
  database->readers_.unopened = database->options_.readers;
  return database;
}

absl::StatusOr<std::unique_ptr<Connection>> Database::OpenConnection(bool writer) {
  absl::StatusOr<std::unique_ptr<Connection>> connection =
      Connection::Open(options_.path, {.readonly = !writer,
                                       .busy_timeout = options_.busy_timeout,
                                       .synchronous = options_.synchronous});
  if (!connection.ok() || !options_.on_open) return connection;
  absl::Status prepared = options_.on_open(**connection);
  if (!prepared.ok()) return prepared;
  return connection;
}

absl::StatusOr<Lease> Database::Write(absl::Time deadline) {
  return Borrow(/*writer=*/true, deadline);
}

absl::StatusOr<Lease> Database::Read(absl::Time deadline) {
  return Borrow(/*writer=*/false, deadline);
}

absl::StatusOr<Lease> Database::Borrow(bool writer, absl::Time deadline) {
  std::unique_ptr<Connection> connection;
  {
    absl::MutexLock lock(&mutex_);
    Slots& slots = writer ? writer_ : readers_;
    const auto available = [&slots] { return !slots.idle.empty() || slots.unopened > 0; };
    const absl::Time give_up = absl::Now() + options_.max_wait;
    if (!mutex_.AwaitWithDeadline(absl::Condition(&available), std::min(deadline, give_up))) {
      if (deadline <= give_up) {
        return base::DeadlineExceeded("the deadline passed while waiting for the store");
      }
      return base::ResourceExhausted("STORE_BUSY", "the store is busy; try again later");
    }
    if (slots.idle.empty()) {
      --slots.unopened;
    } else {
      connection = std::move(slots.idle.back());
      slots.idle.pop_back();
    }
  }
  if (connection == nullptr) {
    absl::StatusOr<std::unique_ptr<Connection>> opened = OpenConnection(writer);
    if (!opened.ok()) {
      Return(nullptr, writer);
      return opened.status();
    }
    connection = *std::move(opened);
  }
  connection->SetDeadline(deadline);
  return Lease(this, std::move(connection), writer);
}

void Database::Return(std::unique_ptr<Connection> connection, bool writer) {
  if (connection != nullptr) {
    connection->SetDeadline(absl::InfiniteFuture());
    if (connection->InTransaction()) connection->Run("ROLLBACK").IgnoreError();
    // Closed here, outside the lock; the slot is then opened anew by the next borrower.
    if (connection->broken() || connection->InTransaction()) connection.reset();
  }
  absl::MutexLock lock(&mutex_);
  Slots& slots = writer ? writer_ : readers_;
  if (connection == nullptr) {
    ++slots.unopened;
  } else {
    slots.idle.push_back(std::move(connection));
  }
}

absl::Status Database::Checkpoint() {
  absl::StatusOr<Lease> writer = Write();
  if (!writer.ok()) return writer.status();
  return (*writer)->Execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace cityinfo::sqlite
