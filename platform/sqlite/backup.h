#pragma once

#include <string>

#include "absl/status/status.h"

namespace cityinfo::sqlite {

// Copies the database `from`, which another process may be using and writing, into the new file
// `to`: one moment of it, complete and wholly checked, holding no writer up; only its owner may
// read it. The errors are written for operators and name the file; BACKUP_EXISTS when there is
// something at `to`. A failure leaves nothing; a kill at most `to`.part, which the next attempt
// overwrites.
absl::Status Backup(const std::string& from, const std::string& to);

}  // namespace cityinfo::sqlite
