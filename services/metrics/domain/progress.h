#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/metrics/domain/observation.h"

namespace cityinfo::metrics {

// Where a promise stands. The meanings are those of the contract (ProgressStatus).
enum class ProgressStatus {
  kOnTrack,  // recent growth reaches the target in time, or a limit is kept so far
  kBehind,   // it does not
  kMet,      // the due period's actual attains the target, or an earlier level already does
  kMissed,   // the due period's actual does not
  kNotDue,   // there is an actual, but nothing that shows a pace since the promise
  kNoData,   // no actual to compare with
};

// A target beside the actuals so far.
struct Progress {
  Observation target;
  std::optional<Observation> actual;             // the newest comparable one
  std::optional<double> attained_share;          // actual / target
  std::optional<double> required_annual_growth;  // in percent; levels only
  int years_left = 0;                            // from the actual's period to the target's
  ProgressStatus status = ProgressStatus::kNoData;
  std::string formula;  // one of the names below
  std::vector<std::string> notes;
  std::optional<Observation> growth_target;  // promised with a level for the same span
};

// Levels: ((target / actual) ^ (1 / years_left) - 1) * 100 is still needed a year; the pace is the
// same formula from the oldest to the newest actual since the promise (its base year, the one
// before it was published, included), over at most the last three years.
inline constexpr char kCompoundAnnualGrowth[] = "compound_annual_growth";
// Shares: (target - actual) / years_left points are still needed a year; the pace likewise.
inline constexpr char kLinearPoints[] = "linear_points_per_year";
// Growth rates, ranks and the rest: the due period's own actual is compared, nothing before it.
inline constexpr char kDueValue[] = "due_value";

// Compares targets with actuals of the same indicator, place and measure, and the same granularity
// of period: a year's target is never held against nine months. Both may hold observations of any
// indicators and places, in any order. A growth target (AVERAGE_GROWTH over a span, or YOY_GROWTH
// of a year) that goes with a level due at the same time is shown with that level, checked against
// the levels (a note says whether they agree), and not listed by itself. Values that are no numbers
// are passed over.
//
// What attains a target: at least its value; at most for AT_MOST and for ranks; more for OVER; 99 %
// of it for ABOUT; the lower end for RANGE.
//
// The result is ordered by indicator, place, due period and measure. A pure function.
std::vector<Progress> ComputeProgress(const std::vector<Observation>& targets,
                                      const std::vector<Observation>& actuals);

}  // namespace cityinfo::metrics
