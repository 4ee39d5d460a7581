#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace cityinfo::postgres {

// Maps a SQLSTATE to our errors, with the same reasons that SQLite's codes become. The message is
// fit for clients; `detail` (the server's own words and the SQL) goes where only our logs see it.
//
//   40001, 40P01 (conflict with another
//     transaction, or with a standby's replay)  ABORTED             WRITE_CONFLICT
//   23505                                       ALREADY_EXISTS      UNIQUE_VIOLATION
//   23 (other constraints), 22 (values)         FAILED_PRECONDITION CONSTRAINT_VIOLATION
//   22021, 22P05 (not text in this encoding)    INVALID_ARGUMENT    VALUE_NOT_STORABLE
//   54000                                       INVALID_ARGUMENT    VALUE_TOO_LARGE
//   57014 (statement_timeout)                   DEADLINE_EXCEEDED   DEADLINE_EXCEEDED
//   55P03 (lock_timeout), 53300                 UNAVAILABLE         STORE_BUSY
//   25006 (a primary that was, or is to be)     UNAVAILABLE         STORE_READ_ONLY
//   42501                                       FAILED_PRECONDITION STORE_FORBIDDEN
//   53100, 53200                                RESOURCE_EXHAUSTED  STORE_FULL, STORE_OUT_OF_MEMORY
//   58                                          UNAVAILABLE         STORE_IO_ERROR
//   XX001, XX002                                DATA_LOSS           STORE_CORRUPT
//   28                                          UNAVAILABLE         STORE_LOGIN_REFUSED
//   3D000                                       UNAVAILABLE         STORE_NOT_FOUND
//   08, 57P and no SQLSTATE at all              UNAVAILABLE         STORE_UNREACHABLE
//   anything else                               INTERNAL            STORE_ERROR
absl::Status MapError(absl::string_view sqlstate, absl::string_view detail);

// Whether a connection that met this SQLSTATE must be thrown away. Read-only does: after a failover
// a new connection may find the new primary. So does what tells that prepared statements are gone
// or no longer fit the schema.
bool BreaksConnection(absl::string_view sqlstate);

// One line of what libpq says in several.
std::string OneLine(absl::string_view message);

}  // namespace cityinfo::postgres
