#include "platform/sqlite/transaction.h"

#include <utility>

namespace cityinfo::sqlite {

absl::StatusOr<Transaction> Transaction::Begin(Connection& connection, Mode mode) {
  absl::Status begun = connection.Run(mode == Mode::kWrite ? "BEGIN IMMEDIATE" : "BEGIN");
  if (!begun.ok()) return begun;
  return Transaction(&connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
  // SQLite itself rolls back on some errors (a full disk), and then there is nothing left to roll
  // back. Nobody can act on an error here: if it did not work, Database sees the open transaction
  // on return.
  if (connection_ == nullptr || !connection_->InTransaction()) return;
  connection_->Run("ROLLBACK").IgnoreError();
}

absl::Status Transaction::Commit() {
  absl::Status committed = connection_->Run("COMMIT");
  if (committed.ok()) connection_ = nullptr;
  return committed;
}

}  // namespace cityinfo::sqlite
