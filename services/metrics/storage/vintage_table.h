#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/date.h"
#include "platform/sqlite/connection.h"
#include "services/metrics/domain/observation.h"
#include "services/metrics/domain/vintage_choice.h"

namespace cityinfo::metrics {

// What bringing an observation up to date did.
struct ReconciledObservation {
  bool changed = false;
  bool retracted = false;       // no vintage stands any more
  std::int64_t vintage_id = 0;  // the newest that stands, or the newest that stood
};

// The vintages of observations and the statements that back them. Belongs to the thread that holds
// the connection.
class VintageTable {
 public:
  explicit VintageTable(sqlite::Connection& connection) : connection_(connection) {}

  // Makes the standing vintages those of `chosen` (in its order): what differs is superseded at
  // `now`, what is new is added, what stays keeps its row. Needs the writer.
  absl::StatusOr<ReconciledObservation> Reconcile(std::int64_t observation_id,
                                                  const std::vector<ChosenVintage>& chosen,
                                                  absl::Time now);

  // One vintage with the citations it had at `moment`.
  absl::StatusOr<Vintage> Load(std::int64_t vintage_id, absl::Time moment);

  // Fills citations and source as they stood at `moment`, with only what was published up to
  // `published` when given.
  absl::Status LoadBacking(std::int64_t vintage_id, std::int64_t moment,
                           const std::optional<base::Date>& published, Vintage& vintage);

 private:
  struct Standing {
    std::int64_t id;
    StatedValue value;
    base::Date publish_date;
    bool kept = false;
  };
  absl::StatusOr<std::vector<Standing>> LoadStanding(std::int64_t observation_id);
  absl::StatusOr<std::int64_t> Add(std::int64_t observation_id, const ChosenVintage& chosen,
                                   absl::Time now);
  absl::Status Supersede(std::int64_t vintage_id, absl::Time now);
  // True when a link was added or ended.
  absl::StatusOr<bool> Link(std::int64_t vintage_id, const std::vector<std::int64_t>& statements,
                            absl::Time now);

  sqlite::Connection& connection_;
};

// The columns of vintages that ReadVintage reads, from table alias "v"; the first is the row.
inline constexpr char kVintageColumns[] =
    "v.vintage_id, v.number, v.printed, v.exact_value, v.exact_value_high, v.unit, v.qualifier, "
    "v.publish_day, v.record_from, v.superseded_at";
Vintage ReadVintage(const sqlite::Statement& row, int first);

// The last stored moment at which something still stood that stands until `superseded_at`.
inline std::int64_t LastMomentBefore(std::int64_t superseded_at) { return superseded_at - 1; }

}  // namespace cityinfo::metrics
