#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// The name a loaded value's statements go by: a digest of who brought it, for what and for which
// day.
std::string LoadedStatementId(absl::string_view source, const LoadedValue& value);

// What a source says of a key and a day now.
struct LoadedStatement {
  std::int64_t id = 0;
  StatedValue value;
  absl::Time learned_at;
  int ordinal = 0;
  RevisionStage stage = RevisionStage::kNone;
};

// The statements of values that data officers loaded: those of StatementTable without an article.
// Belongs to the thread that holds the connection; Add and Supersede need the writer.
class LoadedStatementTable {
 public:
  explicit LoadedStatementTable(sql::Connection& connection) : connection_(connection) {}

  // The standing ones of these names, by name. One statement.
  absl::StatusOr<absl::flat_hash_map<std::string, LoadedStatement>> LoadStanding(
      std::span<const std::string> names);

  // Inserts statements one after the other; it keeps the prepared statement between them.
  class Appender {
   public:
    static absl::StatusOr<Appender> Prepare(sql::Connection& connection);
    // A version that stands from `now` on, with a row number drawn for it (DrawRowNumbers).
    // `learned_at` is when the source first said this value of the day.
    absl::Status Add(std::int64_t id, absl::string_view name, absl::string_view source,
                     const LoadedValue& value, std::int64_t observation_id, int ordinal,
                     absl::Time learned_at, absl::Time now);

   private:
    explicit Appender(sql::Statement insert) : insert_(std::move(insert)) {}
    sql::Statement insert_;
  };

  // Ends a version.
  absl::Status Supersede(std::int64_t statement_id, absl::Time now);

 private:
  sql::Connection& connection_;
};

}  // namespace cityinfo::metrics
