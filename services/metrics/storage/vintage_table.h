#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/date.h"
#include "platform/sql/connection.h"
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
  // A vintage that counts now, and the statements it is linked to.
  struct Standing {
    std::int64_t id;
    StatedValue value;
    base::Date publish_date;
    std::vector<std::int64_t> statements;
    RevisionStage stage = RevisionStage::kNone;
  };
  // Why a standing vintage ends, when it does.
  using WhySuperseded = absl::FunctionRef<SupersededReason(const Standing&)>;
  using StandingByObservation = absl::flat_hash_map<std::int64_t, std::vector<Standing>>;

  explicit VintageTable(sql::Connection& connection) : connection_(connection) {}

  // The standing vintages of these observations, each observation's in the order of publish_date.
  // Two statements, however many there are.
  absl::StatusOr<StandingByObservation> LoadStanding(std::span<const std::int64_t> observations);

  // Makes the standing vintages those of `chosen` (in its order): what differs is superseded at
  // `now` for the reason that `why` gives, what is new is added, what stays keeps its row. Needs
  // the writer.
  absl::StatusOr<ReconciledObservation> Reconcile(std::int64_t observation_id,
                                                  const std::vector<Standing>& standing,
                                                  const std::vector<ChosenVintage>& chosen,
                                                  WhySuperseded why, absl::Time now);

  // Vintages by their rows, in their order, with the citations each had at `moment`; DATA_LOSS when
  // one is missing. Two statements.
  absl::StatusOr<std::vector<Vintage>> Load(std::span<const std::int64_t> ids, absl::Time moment);

  // Fills the citations and source of vintages as they stood at `moment` (as stored), with only
  // what was published up to `published` when given. One statement.
  absl::Status LoadBacking(const absl::flat_hash_map<std::int64_t, Vintage*>& vintages,
                           std::int64_t moment, const std::optional<base::Date>& published);

  // Every vintage of one observation, newest first, each with the citations it has or had last. Two
  // statements.
  absl::StatusOr<std::vector<Vintage>> LoadHistory(std::int64_t observation_id);

 private:
  absl::StatusOr<std::int64_t> Add(std::int64_t observation_id, const ChosenVintage& chosen,
                                   absl::Time now);
  absl::Status Supersede(std::int64_t vintage_id, SupersededReason reason, absl::Time now);
  // True when a link was added or ended.
  absl::StatusOr<bool> Link(std::int64_t vintage_id, const std::vector<std::int64_t>& linked,
                            const std::vector<std::int64_t>& statements, absl::Time now);

  sql::Connection& connection_;
};

// The columns of vintages that ReadVintage reads, from table alias "v"; the first is the row.
inline constexpr char kVintageColumns[] =
    "v.vintage_id, v.number, v.printed, v.exact_value, v.exact_value_high, v.unit, v.qualifier, "
    "v.publish_day, v.record_from, v.superseded_at, v.stage, v.superseded_reason";
Vintage ReadVintage(const sql::Statement& row, int first);

// The columns of statements "s" that AddBacking reads, and the order in which it must read them.
inline constexpr char kBackingColumns[] =
    "s.source, s.article, s.revision, s.block, s.quote_start, s.quote_end, s.quote, s.value_start, "
    "s.value_end, s.article_title, s.publication, s.publish_day, s.page";
inline constexpr char kBackingOrder[] =
    "s.confidence DESC, s.publish_day DESC, s.article, s.ordinal, s.source";
void AddBacking(const sql::Statement& row, int first, Vintage& vintage);

// The last stored moment at which something still stood that stands until `superseded_at`.
inline std::int64_t LastMomentBefore(std::int64_t superseded_at) { return superseded_at - 1; }

}  // namespace cityinfo::metrics
