#include "platform/sql/database.h"

#include <utility>

namespace cityinfo::sql {

Lease::Lease(Database* database, std::unique_ptr<Connection> connection, Kind kind)
    : database_(database), connection_(std::move(connection)), kind_(kind) {}

Lease::Lease(Lease&& other) noexcept = default;

Lease::~Lease() {
  if (connection_ != nullptr) database_->Return(std::move(connection_), kind_);
}

}  // namespace cityinfo::sql
