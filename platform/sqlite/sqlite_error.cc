#include "platform/sqlite/sqlite_error.h"

#include <sqlite3.h>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"

namespace cityinfo::sqlite {
namespace {

absl::Status WithoutDetail(int result_code) {
  if (result_code == SQLITE_CONSTRAINT_UNIQUE || result_code == SQLITE_CONSTRAINT_PRIMARYKEY ||
      result_code == SQLITE_CONSTRAINT_ROWID) {
    return base::MakeError(absl::StatusCode::kAlreadyExists, "UNIQUE_VIOLATION",
                           "this entry exists already");
  }
  switch (result_code & 0xFF) {  // the primary code; the upper bits refine it
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return base::Unavailable("STORE_BUSY", "the store is busy; try again");
    case SQLITE_FULL:
      return base::ResourceExhausted("STORE_FULL", "the store's disk is full");
    case SQLITE_NOMEM:
      return base::ResourceExhausted("STORE_OUT_OF_MEMORY", "the store is out of memory");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return base::DataLoss("STORE_CORRUPT", "the store's file is damaged or is not a database");
    case SQLITE_IOERR:
      return base::Unavailable("STORE_IO_ERROR", "the store cannot read or write its file");
    case SQLITE_CANTOPEN:
      return base::Unavailable("STORE_CANNOT_OPEN", "the store cannot open its file");
    case SQLITE_READONLY:
      return base::FailedPrecondition("STORE_READ_ONLY", "the store may only be read");
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return base::FailedPrecondition("CONSTRAINT_VIOLATION",
                                      "the change contradicts what is stored");
    case SQLITE_INTERRUPT:
      return base::DeadlineExceeded("the deadline passed while the store was working");
    case SQLITE_TOOBIG:
      return base::MakeError(absl::StatusCode::kInvalidArgument, "VALUE_TOO_LARGE",
                             "a value is too large to be stored");
    default:
      return base::Internal("STORE_ERROR", "the store failed");
  }
}

}  // namespace

absl::Status MapError(int result_code, absl::string_view detail) {
  return base::WithDetail(
      WithoutDetail(result_code),
      absl::StrCat("SQLite ", result_code, " ", sqlite3_errstr(result_code), "; ", detail));
}

bool BreaksConnection(int result_code) {
  switch (result_code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_MISUSE:
      return true;
    default:
      return false;
  }
}

}  // namespace cityinfo::sqlite
