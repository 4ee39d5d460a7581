#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/observation.h"
#include "services/metrics/domain/target_direction.h"

namespace cityinfo::metrics {

// Where a promise stands. The meanings are those of the contract (ProgressStatus).
enum class ProgressStatus {
  kOnTrack,  // recent growth reaches the target in time, or a limit is kept so far
  kBehind,   // it does not
  kMet,      // the due period's actual keeps the promise, or an earlier level already does
  kMissed,   // the due period's actual does not
  kNotDue,   // there is an actual, but nothing that shows a pace since the promise
  kNoData,   // no actual to compare with
};

// A target beside the actuals so far.
struct Progress {
  Observation target;
  TargetDirection direction = TargetDirection::kReachAtLeast;
  std::optional<Observation> actual;             // the newest comparable one
  std::optional<double> attained_share;          // actual / target, of levels and shares
  std::optional<double> required_annual_growth;  // percent a year; of shares points a year
  std::optional<double> recent_annual_growth;    // the same, as the actuals show it
  int years_left = 0;                            // from the actual's period to the target's
  ProgressStatus status = ProgressStatus::kNoData;
  std::string formula;  // one of the names below
  std::vector<std::string> notes;
  std::optional<Observation> growth_target;     // promised with a level for the same span
  std::vector<Observation> inputs;              // what else was used, oldest first
  std::vector<Observation> superseded_targets;  // whose place this one took, newest first
};

inline constexpr size_t kMaxSupersededTargets = 20;

// Levels: ((goal / actual) ^ (1 / years_left) - 1) * 100 is still needed a year.
inline constexpr char kCompoundAnnualGrowth[] = "compound_annual_growth";
// Shares: (goal - actual) / years_left points are still needed a year.
inline constexpr char kLinearPoints[] = "linear_points_per_year";
// Growth rates, changes, ranks, multiples, indexes, spans of years and what counts anew every year
// (jobs created): the due period's own actual is compared, nothing before it.
inline constexpr char kDueValue[] = "due_value";

// Compares targets with actuals. The formulas are those of the contract (message Progress in
// observation.proto), where a reader finds them too. Comparisons with the target are exact; growth
// and shares are doubles, and paces are compared up to 1e-9.
//
// All lists may hold observations of any indicators and places, in any order; `superseded` those of
// MetricStore::ListSupersededTargets. A target for an average growth that goes with a level due at
// the same time is shown with that level, checked against the levels (a note says whether they
// agree), and not listed by itself; one for the growth of that year is shown there and listed.
// Values that are no numbers are passed over.
//
// The result is ordered by indicator, place, due period and measure. O(n log n) in observations,
// but quadratic in those of one indicator and place. A pure function.
std::vector<Progress> ComputeProgress(const std::vector<Observation>& targets,
                                      const std::vector<Observation>& actuals,
                                      const std::vector<Observation>& superseded,
                                      const Catalogue& catalogue);

}  // namespace cityinfo::metrics
