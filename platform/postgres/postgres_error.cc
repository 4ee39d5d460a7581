#include "platform/postgres/postgres_error.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"

namespace cityinfo::postgres {
namespace {

struct Mapping {
  const char* prefix;  // of the SQLSTATE; the first that fits counts
  absl::StatusCode code;
  const char* reason;
  const char* message;
};

using enum absl::StatusCode;

constexpr Mapping kMappings[] = {
    {"40001", kAborted, "WRITE_CONFLICT", "another change came first; try again"},
    {"40P01", kAborted, "WRITE_CONFLICT", "another change came first; try again"},
    {"23505", kAlreadyExists, "UNIQUE_VIOLATION", "this entry exists already"},
    {"23", kFailedPrecondition, "CONSTRAINT_VIOLATION", "the change contradicts what is stored"},
    {"22021", kInvalidArgument, "VALUE_NOT_STORABLE", "a text holds what the store cannot keep"},
    {"22P05", kInvalidArgument, "VALUE_NOT_STORABLE", "a text holds what the store cannot keep"},
    {"22", kFailedPrecondition, "CONSTRAINT_VIOLATION", "the change contradicts what is stored"},
    {"54000", kInvalidArgument, "VALUE_TOO_LARGE", "a value is too large to be stored"},
    {"57014", kDeadlineExceeded, "DEADLINE_EXCEEDED",
     "the deadline passed while the store was working"},
    {"55P03", kUnavailable, "STORE_BUSY", "the store is busy; try again"},
    {"53300", kUnavailable, "STORE_BUSY", "the store is busy; try again"},
    {"25006", kUnavailable, "STORE_READ_ONLY", "the store may only be read"},
    {"42501", kFailedPrecondition, "STORE_FORBIDDEN", "the store does not permit this"},
    {"53100", kResourceExhausted, "STORE_FULL", "the store's disk is full"},
    {"53200", kResourceExhausted, "STORE_OUT_OF_MEMORY", "the store is out of memory"},
    {"58", kUnavailable, "STORE_IO_ERROR", "the store cannot read or write its files"},
    {"XX001", kDataLoss, "STORE_CORRUPT", "the store's files are damaged"},
    {"XX002", kDataLoss, "STORE_CORRUPT", "the store's files are damaged"},
    {"28", kUnavailable, "STORE_LOGIN_REFUSED", "the store cannot be reached"},
    {"3D000", kUnavailable, "STORE_NOT_FOUND", "the store cannot be reached"},
    {"57P", kUnavailable, "STORE_UNREACHABLE", "the store cannot be reached"},
    {"08", kUnavailable, "STORE_UNREACHABLE", "the store cannot be reached"},
    {"25P03", kUnavailable, "STORE_UNREACHABLE", "the store cannot be reached"},
};

}  // namespace

absl::Status MapError(absl::string_view sqlstate, absl::string_view detail) {
  const std::string words = absl::StrCat("PostgreSQL ", sqlstate.empty() ? "" : sqlstate,
                                         sqlstate.empty() ? "" : ": ", OneLine(detail));
  if (sqlstate.empty()) {
    return base::WithDetail(base::Unavailable("STORE_UNREACHABLE", "the store cannot be reached"),
                            words);
  }
  // A prepared statement that no longer fits the schema; the next connection prepares it anew.
  if (sqlstate == "0A000" && absl::StrContains(detail, "cached plan")) {
    return base::WithDetail(
        base::Aborted("WRITE_CONFLICT", "the store's schema has changed; try again"), words);
  }
  for (const Mapping& mapping : kMappings) {
    if (absl::StartsWith(sqlstate, mapping.prefix)) {
      return base::WithDetail(base::MakeError(mapping.code, mapping.reason, mapping.message),
                              words);
    }
  }
  return base::WithDetail(base::Internal("STORE_ERROR", "the store failed"), words);
}

bool BreaksConnection(absl::string_view sqlstate) {
  for (const char* prefix : {"0A000", "08", "25006", "25P03", "26000", "57P", "58", "XX"}) {
    if (absl::StartsWith(sqlstate, prefix)) return true;
  }
  return sqlstate.empty();
}

std::string OneLine(absl::string_view message) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(message, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty());
  return absl::StrJoin(words, " ");
}

}  // namespace cityinfo::postgres
