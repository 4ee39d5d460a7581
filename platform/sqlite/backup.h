#pragma once

#include <string>

#include "absl/status/status.h"

namespace cityinfo::sqlite {

// Copies the database `from`, which another process may be using and writing, into the new file
// `to`: one moment of it, complete and checked, holding no writer up. The errors are written for
// operators and name the file; BACKUP_EXISTS when there is something at `to`. What a failure leaves
// is at most `to`.part, which the next attempt overwrites.
absl::Status Backup(const std::string& from, const std::string& to);

}  // namespace cityinfo::sqlite
