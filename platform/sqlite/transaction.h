#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/sqlite/connection.h"

namespace cityinfo::sqlite {

// A transaction that is rolled back unless Commit was called and succeeded. Belongs to the thread
// that uses its connection; the connection must outlive it.
class Transaction {
 public:
  enum class Mode {
    // Takes the write lock now, so that a writer never fails half way with BUSY.
    kWrite,
    // Several reads that see one moment of the file.
    kRead,
  };

  static absl::StatusOr<Transaction> Begin(Connection& connection, Mode mode = Mode::kWrite);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // OK means the changes are as durable as the connection's Synchronous promises. On an error
  // nothing of the transaction stays.
  absl::Status Commit();

 private:
  explicit Transaction(Connection* connection) : connection_(connection) {}

  Connection* connection_;  // null once committed or moved from
};

}  // namespace cityinfo::sqlite
