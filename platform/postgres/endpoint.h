#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/postgres/host_lookup.h"

namespace cityinfo::postgres {

// Where a PostgreSQL server is and how to log in: libpq's keywords. Unless the address says
// otherwise: keepalives that notice a lost peer within a minute, no Kerberos.
class Endpoint {
 public:
  using Keywords = std::vector<std::pair<std::string, std::string>>;

  // `url` is libpq's "postgresql://user@host:port/database?sslmode=verify-full&sslrootcert=…". A
  // password in it is refused; `password_file` holds it alone, empty: none. INVALID_ARGUMENT says
  // what is wrong, without the name of the flag.
  static absl::StatusOr<Endpoint> Parse(absl::string_view url, std::string password_file = "");

  // What to connect with; reads the password file and looks the host up, for which libpq would take
  // as long as it takes. (Of several hosts in one address the names are left to libpq.)
  // FAILED_PRECONDITION names a file that cannot be read.
  absl::StatusOr<Keywords> Login(absl::Time deadline) const;

  // "postgresql://user@host:port/database", for messages to operators.
  const std::string& address() const { return address_; }

 private:
  Endpoint() = default;
  absl::Status AddPassword(Keywords* keywords) const;
  absl::Status AddAddresses(absl::Time deadline, Keywords* keywords) const;

  Keywords keywords_;
  std::string password_file_;
  std::string host_;
  std::shared_ptr<HostLookup> lookup_;  // null when there is no name to look up
  std::string address_;
};

}  // namespace cityinfo::postgres
