#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/sql/connection.h"

namespace cityinfo::sql {

// A transaction that is rolled back unless Commit was called and succeeded. Belongs to the thread
// that uses its connection; the connection must outlive it.
class Transaction {
 public:
  using Mode = TransactionMode;

  static absl::StatusOr<Transaction> Begin(Connection& connection, Mode mode = Mode::kWrite);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // OK means the changes are as durable as the database promises. After an error nothing of the
  // transaction stays, except that UNAVAILABLE with COMMIT_UNKNOWN says that the connection was
  // lost while the answer was awaited: it may have been committed.
  absl::Status Commit();

 private:
  explicit Transaction(Connection* connection) : connection_(connection) {}

  Connection* connection_;  // null once committed or moved from
};

}  // namespace cityinfo::sql
