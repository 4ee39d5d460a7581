// What a script learns from cityctl's exit status.
#pragma once

#include "absl/status/status.h"

namespace cityinfo::cli {

enum ExitCode {
  kSuccess = 0,
  kFailure = 1,       // anything not named below
  kUsage = 2,         // the command line is wrong
  kNotFound = 3,      // what was asked for does not exist
  kInvalidInput = 4,  // the platform refused the input and named the field
  kNotAllowed = 5,    // no key, a wrong key, or a key without the role
  kUnavailable = 6,   // nothing answers, or the suite is down or overloaded: try again later
  kDegraded = 10,     // status only: it works, but not every part of it
};

ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace cityinfo::cli
