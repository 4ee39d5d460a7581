#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/tls/files.h"

namespace cityinfo::tls {

// What Files held at one moment, found to be good together.
struct Certificates {
  std::string chain;        // own certificate first, PEM
  std::string key;          // PEM
  std::string authorities;  // PEM
  absl::Time expires;       // when the first of the chain's certificates does
};

// Reads and checks the files: each is there and small enough, the chain is certificates valid at
// `now`, the key is that of its first one, the authorities are certificates of which at least one
// is valid. FAILED_PRECONDITION (TLS_FILES) with one line that names the flag, the file and what is
// wrong with it; never with a word of what is in the key's file.
absl::StatusOr<Certificates> ReadCertificates(const Files& files, absl::Time now);

}  // namespace cityinfo::tls
