#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "platform/sql/pool.h"
#include "platform/sql/transaction.h"

// Everything an adapter needs of SQL is reached from this header.
namespace cityinfo::sql {

class Database;

// A connection on loan. Gives it back when destroyed, after rolling back whatever was left open; a
// broken connection is closed and replaced. Must not outlive its Database.
class Lease {
 public:
  enum class Kind { kWriter, kReader, kStandby };

  Lease(Database* database, std::unique_ptr<Connection> connection, Kind kind);
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&&) = delete;
  ~Lease();

  Connection& operator*() const { return *connection_; }
  Connection* operator->() const { return connection_.get(); }
  // From a standby, which may lag behind what has been committed.
  bool standby() const { return kind_ == Kind::kStandby; }

 private:
  Database* database_;
  std::unique_ptr<Connection> connection_;
  Kind kind_;
};

// Where a read may go.
enum class Freshness {
  kNewest,    // sees every write that was acknowledged before it
  kMayTrail,  // may go to a standby, when one is configured and answers; see Lease::standby
};

// Ends a watch; the callback is not running and never runs again after that.
class Watch {
 public:
  virtual ~Watch() = default;
};

// One database with a bounded pool of connections. Thread-safe.
class Database {
 public:
  // Every lease and watch must have been given back.
  virtual ~Database() = default;

  // A connection to write with. Waits until one is free: DEADLINE_EXCEEDED if `deadline` passes
  // first, RESOURCE_EXHAUSTED (STORE_BUSY) after the pool's own limit, UNAVAILABLE when the
  // database cannot be reached. Statements run until `deadline` at most.
  virtual absl::StatusOr<Lease> Write(absl::Time deadline = absl::InfiniteFuture()) = 0;
  // A connection to read with; the same errors.
  virtual absl::StatusOr<Lease> Read(absl::Time deadline = absl::InfiniteFuture(),
                                     Freshness freshness = Freshness::kNewest) = 0;

  // Calls `look` on a thread of the watch's own: soon after a transaction that said
  // Notify(channel) was committed by anyone, after every reconnect, and from time to time besides,
  // for notifications can be lost. Several may become one. Null when only this process can write:
  // it knows its own commits.
  virtual std::unique_ptr<Watch> StartWatch(absl::string_view channel,
                                            std::function<void()> look) = 0;

  // What an orderly end does: SQLite's write-ahead log moves into its file.
  virtual absl::Status Checkpoint() = 0;

  // How busy the connections are, for metrics. A pool's name is "writer", "reader" or "standby".
  struct PoolUsage {
    const char* pool;
    Pool::Usage usage;
  };
  virtual std::vector<PoolUsage> Usage() const = 0;

  // For messages to operators; no password in it.
  virtual std::string address() const = 0;

 protected:
  Database() = default;

 private:
  friend class Lease;
  virtual void Return(std::unique_ptr<Connection> connection, Lease::Kind kind) = 0;
};

}  // namespace cityinfo::sql
