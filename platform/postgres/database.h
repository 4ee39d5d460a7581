#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/base/retry.h"
#include "platform/postgres/connection.h"
#include "platform/postgres/endpoint.h"
#include "platform/sql/database.h"
#include "platform/sql/migration.h"
#include "platform/sql/pool.h"

namespace cityinfo::postgres {

// One schema of a PostgreSQL database, which other processes use too. Thread-safe.
//
// One connection writes and the others read: writers of a schema are one at a time anyway, and
// waiting for the lock they would keep connections from readers. Each watch has a connection
// besides.
class Database final : public sql::Database {
 public:
  struct Options {
    Endpoint primary;
    std::optional<Endpoint> standby;
    std::string schema;   // a lower-case name
    int connections = 8;  // at most, to the primary; at least 2. As many again to the standby
    // The longest anyone waits for a connection, whatever their own deadline.
    absl::Duration max_wait = absl::Seconds(5);
    // A connection's life, up to a tenth less: after a failover behind one name, and for the sake
    // of the server's memory.
    absl::Duration max_lifetime = absl::Minutes(30);
    SessionOptions session;  // schema and retire_at are filled in
    std::vector<sql::Migration> migrations;
    sql::MigrationPolicy migration_policy = sql::MigrationPolicy::kAuto;
  };

  // Connects to the primary and migrates it. A standby that cannot be reached is no reason to
  // refuse, one that refuses us is. The errors are written for operators and name the address.
  static absl::StatusOr<std::unique_ptr<Database>> Open(Options options);
  ~Database() override;

  absl::StatusOr<sql::Lease> Write(absl::Time deadline = absl::InfiniteFuture()) override;
  // A read that may trail goes to the standby while that answers, and has half of its time there;
  // InRead then asks the primary.
  absl::StatusOr<sql::Lease> Read(absl::Time deadline = absl::InfiniteFuture(),
                                  sql::Freshness freshness = sql::Freshness::kNewest) override;
  std::unique_ptr<sql::Watch> StartWatch(absl::string_view channel,
                                         std::function<void()> look) override;
  absl::Status Checkpoint() override { return absl::OkStatus(); }  // the server's own business
  std::vector<PoolUsage> Usage() const override;
  std::string address() const override { return options_.primary.address(); }

 private:
  explicit Database(Options options);
  void Return(std::unique_ptr<sql::Connection> connection, sql::Lease::Kind kind) override;
  absl::Status Prepare();
  absl::Status TryStandby();
  absl::StatusOr<std::unique_ptr<sql::Connection>> TakeStandby(absl::Time deadline);
  // After a failure the standby is left alone for a while.
  void AvoidStandby();

  const Options options_;
  sql::Pool writer_;
  sql::Pool readers_;
  sql::Pool standby_;
  absl::Mutex mutex_;
  base::Backoff standby_backoff_ ABSL_GUARDED_BY(mutex_);
  absl::Time standby_from_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace cityinfo::postgres
