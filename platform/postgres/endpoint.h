#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/postgres/host_lookup.h"

namespace cityinfo::postgres {

// Where a PostgreSQL server is, or several of which one will do, and how to log in: libpq's
// keywords. Unless the address says otherwise: keepalives that notice a lost peer within a minute,
// no Kerberos.
class Endpoint {
 public:
  using Keywords = std::vector<std::pair<std::string, std::string>>;

  // `url` is libpq's "postgresql://user@host:port/database?sslmode=verify-full&sslrootcert=…". A
  // password in it is refused; `password_file` holds it alone, empty: none. INVALID_ARGUMENT says
  // what is wrong, without the name of the flag.
  static absl::StatusOr<Endpoint> Parse(absl::string_view url, std::string password_file = "");

  // The hosts in the address. They are tried in turn, and each for itself: libpq would wait for a
  // silent one as long as its caller does.
  size_t hosts() const { return hosts_.size(); }

  // What to connect to one host with; reads the password file and looks the name up, for which
  // libpq would take as long as it takes. UNAVAILABLE; the detail names a file that cannot be read.
  absl::StatusOr<Keywords> Login(size_t host, absl::Time deadline) const;

  // Whether a hot standby will not do: it shows the past. Off until it is asked for.
  void RequirePrimary() { requires_primary_ = true; }
  bool requires_primary() const { return requires_primary_; }

  // "postgresql://user@host:port/database", for messages to operators.
  const std::string& address() const { return address_; }

 private:
  struct Host {
    Keywords keywords;  // host, hostaddr and port, as far as they are given
    std::string name;
    std::shared_ptr<HostLookup> lookup;  // null when there is no name to look up
  };

  Endpoint() = default;
  static std::vector<Host> HostsIn(const std::map<std::string, std::string>& given);
  absl::Status AddPassword(Keywords* keywords) const;
  static absl::Status AddAddresses(const Host& host, absl::Time deadline, Keywords* keywords);

  Keywords keywords_;  // the same for every host
  std::vector<Host> hosts_;
  std::string password_file_;
  std::string address_;
  bool requires_primary_ = false;
};

}  // namespace cityinfo::postgres
