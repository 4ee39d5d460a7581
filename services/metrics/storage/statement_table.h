#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/figure.h"
#include "services/metrics/domain/vintage_choice.h"

namespace cityinfo::metrics {

// One version of what a sentence or a loaded file states.
struct StoredStatement {
  std::int64_t id = 0;
  Figure figure;                    // record_time is when this value was first stated here
  std::string source;               // of a loaded value
  int ordinal = 0;                  // the how-manieth of its article
  std::int64_t observation_id = 0;  // 0 when it backs none
};

// The versions of statements, and the list of figures that follows from them. Belongs to the thread
// that holds the connection; everything but the Load methods needs the writer.
class StatementTable {
 public:
  explicit StatementTable(sql::Connection& connection) : connection_(connection) {}

  // Statements of the article that stand now.
  absl::StatusOr<std::vector<StoredStatement>> LoadStanding(absl::string_view article);
  // The standing version of one figure or loaded value.
  absl::StatusOr<std::optional<StoredStatement>> LoadStandingById(absl::string_view figure_id);
  // Statements that back these observations now. One statement.
  absl::StatusOr<absl::flat_hash_map<std::int64_t, std::vector<BackingStatement>>> LoadBacking(
      std::span<const std::int64_t> observations);

  // Stores a version that stands from `now` on and returns its row.
  absl::StatusOr<std::int64_t> Add(const StoredStatement& statement, absl::Time now);
  // Ends a version.
  absl::Status Supersede(std::int64_t statement_id, absl::Time now);

  // Makes the figure's list entry show this version.
  absl::Status ListFigure(const StoredStatement& statement);
  // Marks the figure's list entry as retracted.
  absl::Status RetractFigure(absl::string_view figure_id);
  // Says of every retracted figure of the article that its anchor is broken.
  absl::Status BreakAnchors(absl::string_view article);

 private:
  absl::Status AddExtracted(std::int64_t statement_id, const FigureReading& extracted);

  sql::Connection& connection_;
};

// The columns of statements that ReadStatement reads, from table alias "s". An amended figure reads
// as amended; what was extracted stands in extracted_readings.
absl::string_view StatementColumns();
inline constexpr int kStatementColumnCount = 36;
absl::StatusOr<StoredStatement> ReadStatement(const sql::Statement& row, int first);

}  // namespace cityinfo::metrics
