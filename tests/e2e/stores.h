// The two stores of a city: where they are, and how an operator saves them and puts them back
// (docs/runbook.md, Backup and Restore, with the commands it has).
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace cityinfo::e2e {

// `service` is "articles" or "metrics". Not thread-safe.
class Stores {
 public:
  virtual ~Stores() = default;
  // What --store says.
  virtual std::string AddressOf(const std::string& service) const = 0;
  // While the service runs and writes.
  virtual absl::Status Backup(const std::string& service, const std::string& file) = 0;
  // In the place of what is there, which nobody uses.
  virtual absl::Status Restore(const std::string& service, const std::string& file) = 0;
  // From now on everything is in a new, empty place.
  virtual absl::Status MoveElsewhere() = 0;
};

// Files in a folder, and SQLite's online backup.
std::unique_ptr<Stores> MakeSqliteStores();

// One database of a PostgreSQL of its own, pg_dump and pg_restore.
absl::StatusOr<std::unique_ptr<Stores>> MakePostgresStores();

}  // namespace cityinfo::e2e
