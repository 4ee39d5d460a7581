#include "platform/sql/transaction.h"

#include <utility>

namespace cityinfo::sql {

absl::StatusOr<Transaction> Transaction::Begin(Connection& connection, Mode mode) {
  absl::Status begun = connection.Begin(mode);
  if (!begun.ok()) return begun;
  return Transaction(&connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
  // A database rolls back by itself on some errors (a full disk, a lost connection), and then there
  // is nothing left to roll back. Nobody can act on an error here: if it did not work, Database
  // sees the open transaction on return.
  if (connection_ == nullptr || !connection_->InTransaction()) return;
  connection_->Rollback().IgnoreError();
}

absl::Status Transaction::Commit() {
  absl::Status committed = connection_->Commit();
  if (committed.ok()) connection_ = nullptr;
  return committed;
}

}  // namespace cityinfo::sql
