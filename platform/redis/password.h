#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace cityinfo::redis {

// Where the password comes from. It is sent, never logged.
struct Password {
  std::string text;  // the password itself; empty: none
  // A file that holds the password alone (a newline at its end does not count). Read at every
  // connect, so that a rotated password is used without a restart. Empty: `text` counts.
  std::string file;
};

// The password of now; empty when none is configured. FAILED_PRECONDITION
// (REDIS_PASSWORD_UNREADABLE) when the file cannot be read, is empty or has more than 4 KiB.
absl::StatusOr<std::string> ReadPassword(const Password& password);

}  // namespace cityinfo::redis
