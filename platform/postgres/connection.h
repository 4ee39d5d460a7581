#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/postgres/endpoint.h"
#include "platform/postgres/link.h"
#include "platform/sql/connection.h"

namespace cityinfo::postgres {

// A statement as the server knows it, or will once it is first run.
struct PreparedStatement {
  std::string sql;   // as the caller wrote it
  std::string text;  // as the server reads it
  int parameters = 0;
  std::string name;
  bool known_to_server = false;
};

struct SessionOptions {
  std::string schema;  // the search path, and what the write lock is named after
  absl::Duration connect_timeout = absl::Seconds(5);
  // Kept by the server too, so that it does not go on with what nobody waits for. Callers'
  // deadlines are mostly shorter.
  absl::Duration statement_timeout = absl::Seconds(30);
  // The longest wait for the write lock, or for any other.
  absl::Duration lock_timeout = absl::Seconds(10);
  // A process that stands still inside a transaction loses it, and with it the write lock.
  absl::Duration idle_in_transaction_timeout = absl::Seconds(5);
  absl::Time retire_at = absl::InfiniteFuture();
  // Prepared statements kept; the least recently used is dropped.
  int max_cached_statements = 256;
};

// One session of a PostgreSQL server. No call waits longer than the deadline and the timeouts of
// the options, whatever the server does; a connection that gave up waiting is broken.
class Connection final : public sql::Connection {
 public:
  // UNAVAILABLE, with what was said in the detail; STORE_TOO_OLD for a server before 14,
  // STORE_ENCODING for a database that is not in UTF-8.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Endpoint& endpoint,
                                                          const SessionOptions& options,
                                                          absl::Time deadline);
  ~Connection() override;

  sql::Dialect dialect() const override { return sql::Dialect::kPostgres; }
  // Nothing is sent before the first Step, so a mistake in `sql` shows there.
  absl::StatusOr<sql::Statement> Prepare(absl::string_view sql) override;
  absl::Status Execute(absl::string_view sql) override;
  int64_t Changes() const override { return changes_; }

  // kWrite waits for the write lock, one round trip; kRead goes with the first statement.
  absl::Status Begin(sql::TransactionMode mode) override;
  absl::Status Commit() override;
  // Waits for nothing.
  absl::Status Rollback() override;
  bool InTransaction() const override { return transaction_ != Transaction::kNone; }
  absl::Status Notify(absl::string_view channel) override;

  void SetDeadline(absl::Time deadline) override { deadline_ = deadline; }
  bool broken() const override;

  // Lifts the server's statement timeout and ours for the rest of the transaction: a migration may
  // take its time.
  absl::Status AllowSlowStatements();

  // Whether this session may only read: a standby, or a database set so.
  bool read_only() const { return read_only_; }

  // The name under which Notify(channel) is heard by LISTEN; quoted.
  static std::string ChannelName(absl::string_view schema, absl::string_view channel);

 private:
  friend class Cursor;
  enum class Transaction { kNone, kRead, kWrite };

  Connection(std::unique_ptr<Link> link, const SessionOptions& options);
  absl::Status SetUp();
  // What Cursor::Step calls: all rows of one run.
  absl::StatusOr<Result> RunPrepared(PreparedStatement& statement,
                                     const std::vector<Parameter>& parameters);
  void MakeRoomInCache();
  void EndTransaction();

  // Sends the batch and gives its results, of which the first that is an error is the answer.
  absl::StatusOr<std::vector<Result>> Exchange(absl::string_view sql);
  absl::Status Check(const Result& result, absl::string_view sql);
  absl::Status NotAnswered(absl::Status status, absl::string_view sql) const;
  // DEADLINE_EXCEEDED when there is no time left to begin anything.
  absl::Status Ready() const;
  absl::Time Limit() const;

  using CacheOrder = std::list<std::shared_ptr<PreparedStatement>>;  // most recent first

  const std::unique_ptr<Link> link_;
  const SessionOptions options_;
  const int64_t write_lock_;
  CacheOrder cache_order_;
  absl::flat_hash_map<std::string, CacheOrder::iterator> cache_;
  int64_t names_given_ = 0;
  std::set<std::string> notify_;  // channels to tell at commit
  Transaction transaction_ = Transaction::kNone;
  absl::Time deadline_ = absl::InfiniteFuture();
  absl::Duration statement_limit_;
  int64_t changes_ = 0;
  bool read_only_ = false;
  bool broken_ = false;
};

}  // namespace cityinfo::postgres
