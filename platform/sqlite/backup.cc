#include "platform/sqlite/backup.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/sqlite/sqlite_error.h"

namespace cityinfo::sqlite {
namespace {

namespace fs = std::filesystem;

struct CloseHandle {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using Handle = std::unique_ptr<sqlite3, CloseHandle>;

absl::Status Failed(const std::string& path, sqlite3* handle, int result) {
  const absl::Status status = MapError(result, sqlite3_errmsg(handle));
  return base::WithDetail(base::MakeError(status.code(), base::ErrorReason(status),
                                          absl::StrCat(path, ": ", status.message())),
                          base::ErrorDetail(status));
}

absl::StatusOr<Handle> Open(const std::string& path, int flags) {
  sqlite3* handle = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_EXRESCODE, nullptr);
  Handle owner(handle);
  if (result != SQLITE_OK) return Failed(path, handle, result);
  return owner;
}

absl::Status FileError(absl::string_view doing, const std::string& path, int error) {
  return base::FailedPrecondition(
      "STORE_CANNOT_OPEN", absl::StrCat("cannot ", doing, " ", path, ": ", std::strerror(error)));
}

// What SQLite leaves beside a file it was writing, too.
void Discard(const std::string& part) {
  std::error_code ignored;
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) fs::remove(part + suffix, ignored);
}

// The copy holds what the store holds: only its owner may read it, from its first byte on.
absl::Status CreatePrivate(const std::string& part) {
  const int descriptor = open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return FileError("write", part, errno);
  close(descriptor);
  return absl::OkStatus();
}

absl::Status CopyPages(const std::string& from, const std::string& part) {
  CITY_ASSIGN_OR_RETURN(const Handle source, Open(from, SQLITE_OPEN_READONLY));
  CITY_ASSIGN_OR_RETURN(const Handle target, Open(part, SQLITE_OPEN_READWRITE));
  sqlite3_busy_timeout(source.get(), 5000);
  // An open read transaction holds the moment: without it the copy would begin anew whenever
  // somebody writes.
  int result = sqlite3_exec(source.get(), "BEGIN; SELECT count(*) FROM sqlite_schema", nullptr,
                            nullptr, nullptr);
  if (result != SQLITE_OK) return Failed(from, source.get(), result);
  sqlite3_backup* backup = sqlite3_backup_init(target.get(), "main", source.get(), "main");
  if (backup == nullptr) return Failed(part, target.get(), sqlite3_extended_errcode(target.get()));
  sqlite3_backup_step(backup, /*all pages=*/-1);
  result = sqlite3_backup_finish(backup);
  return result == SQLITE_OK ? absl::OkStatus() : Failed(part, target.get(), result);
}

absl::Status CheckCopy(const std::string& part) {
  CITY_ASSIGN_OR_RETURN(const Handle copy, Open(part, SQLITE_OPEN_READWRITE));
  std::string verdict;
  // Leaves the write-ahead mode as well, so that the copy is one file.
  const int result = sqlite3_exec(
      copy.get(), "PRAGMA journal_mode = DELETE; PRAGMA integrity_check(1)",
      [](void* text, int, char** values, char**) {
        *static_cast<std::string*>(text) = values[0] == nullptr ? "" : values[0];
        return 0;
      },
      &verdict, nullptr);
  if (result != SQLITE_OK) return Failed(part, copy.get(), result);
  if (verdict == "ok") return absl::OkStatus();
  return base::DataLoss("STORE_CORRUPT", absl::StrCat(part, ": the copy is damaged: ", verdict));
}

// The name is on the disk only once its folder is.
absl::Status Publish(const std::string& part, const std::string& to) {
  const std::string folder = fs::path(to).has_parent_path() ? fs::path(to).parent_path() : ".";
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done =
      descriptor >= 0 && rename(part.c_str(), to.c_str()) == 0 && fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (done) return absl::OkStatus();
  return FileError("write", to, error);
}

}  // namespace

absl::Status Backup(const std::string& from, const std::string& to) {
  std::error_code ignored;
  if (!fs::exists(from, ignored)) {
    return base::FailedPrecondition("STORE_CANNOT_OPEN",
                                    absl::StrCat(from, " does not exist; nothing was copied"));
  }
  if (fs::exists(to, ignored)) {
    return base::FailedPrecondition("BACKUP_EXISTS",
                                    absl::StrCat(to, " exists; a backup overwrites nothing"));
  }
  const std::string part = to + ".part";
  Discard(part);  // what a kill -9 left
  CITY_RETURN_IF_ERROR(CreatePrivate(part));
  absl::Cleanup discard = [&] { Discard(part); };
  CITY_RETURN_IF_ERROR(CopyPages(from, part));
  CITY_RETURN_IF_ERROR(CheckCopy(part));
  CITY_RETURN_IF_ERROR(Publish(part, to));
  std::move(discard).Cancel();
  return absl::OkStatus();
}

}  // namespace cityinfo::sqlite
