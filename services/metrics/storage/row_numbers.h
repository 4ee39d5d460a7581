#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "platform/sql/connection.h"

namespace cityinfo::metrics {

// The first of `count` consecutive numbers for rows that this transaction is about to insert into
// `table`, whose key is the column `column`: they need not be asked back for row by row. Needs the
// writer. Here the dialects part: SQLite counts from its newest row, PostgreSQL has a sequence.
absl::StatusOr<std::int64_t> DrawRowNumbers(sql::Connection& connection, absl::string_view table,
                                            absl::string_view column, std::int64_t count);

}  // namespace cityinfo::metrics
