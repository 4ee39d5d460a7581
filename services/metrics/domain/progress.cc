#include "services/metrics/domain/progress.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "absl/status/statusor.h"
#include "services/metrics/domain/decimal.h"
#include "services/metrics/domain/growth_target.h"

namespace cityinfo::metrics {
namespace {

constexpr int kRecentYears = 3;
constexpr double kPaceSlack = 1e-9;

using Observations = std::vector<const Observation*>;

double Number(const Observation& observation) { return observation.vintage.value.ToDouble(); }

Decimal Exact(const Observation& observation) {
  return *Decimal::Parse(observation.vintage.value.exact_value);
}

bool IsNumber(const Observation& observation) {
  return Decimal::Parse(observation.vintage.value.exact_value).ok();
}

int YearOf(const Observation& observation) { return observation.key.period.last_year(); }

// Periods that say the same of different years: years, the same quarter, January to September. Of
// spans of years only equal ones: what one plan attained says nothing of the next.
bool ArePeers(const Period& a, const Period& b) {
  if (a.granularity() != b.granularity()) return false;
  if (a.granularity() == Period::Granularity::kYears) return a == b;
  return a.first_day().month() == b.first_day().month() &&
         a.last_day().month() == b.last_day().month() && a.year_count() == b.year_count() &&
         (a.granularity() != Period::Granularity::kDay ||
          a.first_day().day() == b.first_day().day());
}

// Actuals that may be held against the target, oldest first.
Observations Comparable(const Observation& target, const Observations& actuals) {
  Observations comparable;
  for (const Observation* actual : actuals) {
    if (actual->key.measure == target.key.measure &&
        ArePeers(actual->key.period, target.key.period) &&
        actual->key.period.last_day() <= target.key.period.last_day() &&
        actual->vintage.value.unit == target.vintage.value.unit && IsNumber(*actual)) {
      comparable.push_back(actual);
    }
  }
  std::sort(comparable.begin(), comparable.end(), [](const Observation* a, const Observation* b) {
    return a->key.period < b->key.period;
  });
  return comparable;
}

absl::string_view FormulaOf(const Observation& target, const Indicator* indicator) {
  const bool counts_anew = (indicator != nullptr && indicator->is_flow) ||
                           target.key.period.granularity() == Period::Granularity::kYears ||
                           target.vintage.value.unit.empty();
  if (target.key.measure == Measure::kLevel && !counts_anew) return kCompoundAnnualGrowth;
  if (target.key.measure == Measure::kShare && !counts_anew) return kLinearPoints;
  return kDueValue;
}

// What leads from one value to another in so many years: percent a year, or points of shares.
// Nothing when there is no year between, or a level is not above 0.
std::optional<double> GrowthBetween(absl::string_view formula, double from, double to, int years) {
  if (years <= 0 || formula == kDueValue) return std::nullopt;
  if (formula == kLinearPoints) return (to - from) / years;
  if (from <= 0 || to <= 0) return std::nullopt;
  return (std::pow(to / from, 1.0 / years) - 1) * 100;
}

// The oldest actual since the promise, but before the newest; null when there is none.
const Observation* PaceBase(const Observation& target, const Observations& actuals) {
  const int newest = YearOf(*actuals.back());
  const int since = std::max(target.vintage.publish_date.year - 1, newest - kRecentYears);
  for (const Observation* actual : actuals) {
    if (YearOf(*actual) >= since) return YearOf(*actual) < newest ? actual : nullptr;
  }
  return nullptr;
}

ProgressStatus StatusOf(const Progress& progress, const TargetBounds& bounds) {
  if (!progress.actual.has_value()) return ProgressStatus::kNoData;
  const Decimal value = Exact(*progress.actual);
  if (progress.actual->key.period == progress.target.key.period) {
    return bounds.Hold(value) ? ProgressStatus::kMet : ProgressStatus::kMissed;
  }
  if (progress.formula == kDueValue) return ProgressStatus::kNotDue;
  if (bounds.Hold(value)) {
    return bounds.high.has_value() ? ProgressStatus::kOnTrack : ProgressStatus::kMet;
  }
  const bool above = bounds.Above(value);
  if (!progress.recent_annual_growth.has_value() || !progress.required_annual_growth.has_value()) {
    return above ? ProgressStatus::kBehind : ProgressStatus::kNotDue;
  }
  const double ahead = above ? *progress.required_annual_growth - *progress.recent_annual_growth
                             : *progress.recent_annual_growth - *progress.required_annual_growth;
  return ahead >= -kPaceSlack ? ProgressStatus::kOnTrack : ProgressStatus::kBehind;
}

// The end of a range that counts for `value`: the upper one for what lies above it.
double GoalFor(const Observation& target, const TargetBounds& bounds, const Decimal& value) {
  if (bounds.direction != TargetDirection::kStayBetween) return Number(target);
  return bounds.Above(value) ? bounds.high->ToDouble() : bounds.low->ToDouble();
}

void AddInput(const Observation& input, Progress& progress) {
  const auto same = [&](const Observation& known) { return known.key == input.key; };
  if (progress.actual.has_value() && same(*progress.actual)) return;
  if (std::any_of(progress.inputs.begin(), progress.inputs.end(), same)) return;
  progress.inputs.push_back(input);
  std::sort(progress.inputs.begin(), progress.inputs.end(),
            [](const Observation& a, const Observation& b) { return a.key.period < b.key.period; });
}

Progress Compare(const Observation& target, const TargetBounds& bounds, const Observations& actuals,
                 const Indicator* indicator) {
  Progress progress{.target = target,
                    .direction = bounds.direction,
                    .formula = std::string(FormulaOf(target, indicator))};
  const Observations comparable = Comparable(target, actuals);
  if (!comparable.empty()) {
    const Observation& newest = *comparable.back();
    progress.actual = newest;
    progress.years_left = std::max(0, YearOf(target) - YearOf(newest));
    const bool is_amount =
        target.key.measure == Measure::kLevel || target.key.measure == Measure::kShare;
    const double goal = GoalFor(target, bounds, Exact(newest));
    if (is_amount && goal != 0 && (progress.formula != kDueValue || progress.years_left == 0)) {
      progress.attained_share = Number(newest) / goal;
    }
    progress.required_annual_growth =
        GrowthBetween(progress.formula, Number(newest), goal, progress.years_left);
    const Observation* base =
        progress.formula == kDueValue ? nullptr : PaceBase(target, comparable);
    if (base != nullptr) {
      progress.recent_annual_growth = GrowthBetween(progress.formula, Number(*base), Number(newest),
                                                    YearOf(newest) - YearOf(*base));
    }
    if (progress.recent_annual_growth.has_value()) AddInput(*base, progress);
    if (bounds.direction == TargetDirection::kStayBetween && bounds.Above(Exact(newest))) {
      progress.notes.push_back("the actual lies above the promised range");
    }
  }
  progress.status = StatusOf(progress, bounds);
  return progress;
}

// The promised growth that goes with a promised level. An average over the span says more than the
// last year's rate.
void AddGrowthTarget(const Observations& targets, const Observations& actuals, Progress& progress) {
  for (const Observation* growth : targets) {
    if (!IsGrowthOf(*growth, progress.target) || !IsNumber(*growth)) continue;
    if (!progress.growth_target.has_value() || growth->key.measure == Measure::kAverageGrowth) {
      progress.growth_target = *growth;
    }
  }
  if (!progress.growth_target.has_value()) return;
  if (auto check = CheckGrowth(*progress.growth_target, progress.target, actuals)) {
    progress.notes.push_back(std::move(check->note));
    AddInput(check->base, progress);
  }
}

// Earlier promises for the same key, newest first.
void AddSuperseded(const Observations& superseded, Progress& progress) {
  for (const Observation* earlier : superseded) {
    if (earlier->key == progress.target.key &&
        earlier->vintage.publish_date < progress.target.vintage.publish_date) {
      progress.superseded_targets.push_back(*earlier);
    }
  }
  std::sort(progress.superseded_targets.begin(), progress.superseded_targets.end(),
            [](const Observation& a, const Observation& b) {
              return b.vintage.publish_date < a.vintage.publish_date;
            });
  if (progress.superseded_targets.size() > kMaxSupersededTargets) {
    progress.superseded_targets.resize(kMaxSupersededTargets);
  }
}

// What is known of one indicator at one place.
struct Subject {
  Observations targets, actuals, superseded;
};

void AddProgress(const Subject& subject, const Indicator* indicator, std::vector<Progress>& all) {
  for (const Observation* target : subject.targets) {
    const std::optional<TargetBounds> bounds = BoundsOf(*target, indicator);
    if (!bounds.has_value()) continue;
    const bool shown_with_level =
        target->key.measure == Measure::kAverageGrowth &&
        std::any_of(subject.targets.begin(), subject.targets.end(), [&](const Observation* level) {
          return IsNumber(*level) && IsGrowthOf(*target, *level);
        });
    if (shown_with_level) continue;
    Progress progress = Compare(*target, *bounds, subject.actuals, indicator);
    AddGrowthTarget(subject.targets, subject.actuals, progress);
    AddSuperseded(subject.superseded, progress);
    all.push_back(std::move(progress));
  }
}

}  // namespace

std::vector<Progress> ComputeProgress(const std::vector<Observation>& targets,
                                      const std::vector<Observation>& actuals,
                                      const std::vector<Observation>& superseded,
                                      const Catalogue& catalogue) {
  std::map<std::pair<std::string, std::string>, Subject> subjects;
  const auto subject_of = [](const Observation& observation) {
    return std::pair(observation.key.indicator, observation.key.place);
  };
  for (const Observation& target : targets) subjects[subject_of(target)].targets.push_back(&target);
  const auto add = [&](const std::vector<Observation>& observations, Observations Subject::*list) {
    for (const Observation& observation : observations) {
      const auto subject = subjects.find(subject_of(observation));
      if (subject != subjects.end()) (subject->second.*list).push_back(&observation);
    }
  };
  add(actuals, &Subject::actuals);
  add(superseded, &Subject::superseded);
  std::vector<Progress> all;
  for (const auto& [key, subject] : subjects) {
    AddProgress(subject, catalogue.FindIndicator(key.first), all);
  }
  std::stable_sort(all.begin(), all.end(), [](const Progress& a, const Progress& b) {
    const ObservationKey& left = a.target.key;
    const ObservationKey& right = b.target.key;
    return std::tie(left.indicator, left.place, left.period, left.measure) <
           std::tie(right.indicator, right.place, right.period, right.measure);
  });
  return all;
}

}  // namespace cityinfo::metrics
