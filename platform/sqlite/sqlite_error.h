#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace cityinfo::sqlite {

// Maps an SQLite result code to our errors. The message is fit for clients; `detail` (the driver's
// own words and the SQL) goes where only our logs see it.
//
//   BUSY, LOCKED            UNAVAILABLE         STORE_BUSY
//   FULL, NOMEM             RESOURCE_EXHAUSTED  STORE_FULL, STORE_OUT_OF_MEMORY
//   CORRUPT, NOTADB         DATA_LOSS           STORE_CORRUPT
//   IOERR, CANTOPEN         UNAVAILABLE         STORE_IO_ERROR, STORE_CANNOT_OPEN
//   READONLY                FAILED_PRECONDITION STORE_READ_ONLY
//   CONSTRAINT (unique)     ALREADY_EXISTS      UNIQUE_VIOLATION
//   CONSTRAINT (others),
//   MISMATCH                FAILED_PRECONDITION CONSTRAINT_VIOLATION
//   INTERRUPT               DEADLINE_EXCEEDED   DEADLINE_EXCEEDED
//   TOOBIG                  INVALID_ARGUMENT    VALUE_TOO_LARGE
//   anything else           INTERNAL            STORE_ERROR
absl::Status MapError(int result_code, absl::string_view detail);

// Whether a connection that met this result code must be thrown away.
bool BreaksConnection(int result_code);

}  // namespace cityinfo::sqlite
