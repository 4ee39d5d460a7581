#include "services/metrics/domain/progress.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/metrics/domain/decimal.h"

namespace cityinfo::metrics {
namespace {

constexpr int kRecentYears = 3;
constexpr double kAboutShare = 0.99;
constexpr double kAboutPoints = 1.0;

double Number(const Observation& observation) { return observation.vintage.value.ToDouble(); }

bool SameSubject(const Observation& a, const Observation& b) {
  return a.key.indicator == b.key.indicator && a.key.place == b.key.place;
}

bool IsNumber(const Observation& observation) {
  return Decimal::Parse(observation.vintage.value.exact_value).ok();
}

// A limit is kept from above: a smaller actual is better.
bool IsLimit(const Observation& target) {
  return target.vintage.value.qualifier == Qualifier::kAtMost ||
         target.key.measure == Measure::kRank;
}

bool Attains(const Observation& target, const Observation& actual) {
  const Decimal goal = *Decimal::Parse(target.vintage.value.exact_value);
  const Decimal value = *Decimal::Parse(actual.vintage.value.exact_value);
  if (IsLimit(target)) return value.Compare(goal) <= 0;
  switch (target.vintage.value.qualifier) {
    case Qualifier::kOver:
      return value.Compare(goal) > 0;
    case Qualifier::kAbout:
      return value.ToDouble() >= goal.ToDouble() - std::abs(goal.ToDouble()) * (1 - kAboutShare);
    default:
      return value.Compare(goal) >= 0;
  }
}

double CompoundGrowth(double from, double to, int years) {
  return (std::pow(to / from, 1.0 / years) - 1) * 100;
}

// Actuals that may be held against the target, oldest first.
std::vector<const Observation*> Comparable(const Observation& target,
                                           const std::vector<Observation>& actuals) {
  std::vector<const Observation*> comparable;
  for (const Observation& actual : actuals) {
    if (SameSubject(target, actual) && actual.key.measure == target.key.measure &&
        actual.key.period.granularity() == target.key.period.granularity() &&
        actual.key.period.last_day() <= target.key.period.last_day() &&
        actual.vintage.value.unit == target.vintage.value.unit && IsNumber(actual)) {
      comparable.push_back(&actual);
    }
  }
  std::sort(comparable.begin(), comparable.end(), [](const Observation* a, const Observation* b) {
    return a->key.period < b->key.period;
  });
  return comparable;
}

// The oldest actual from which the pace since the promise can be told, null when there is none.
const Observation* PaceBase(const Observation& target,
                            const std::vector<const Observation*>& actuals) {
  const Observation& newest = *actuals.back();
  const int since =
      std::max(target.vintage.publish_date.year - 1, newest.key.period.last_year() - kRecentYears);
  for (const Observation* actual : actuals) {
    if (actual->key.period.last_year() >= since) {
      return actual->key.period.last_year() < newest.key.period.last_year() ? actual : nullptr;
    }
  }
  return nullptr;
}

ProgressStatus LevelPace(const Progress& progress, const std::vector<const Observation*>& actuals) {
  const Observation* base = PaceBase(progress.target, actuals);
  if (base == nullptr || !progress.required_annual_growth.has_value() || Number(*base) <= 0) {
    return ProgressStatus::kNotDue;
  }
  const int years = actuals.back()->key.period.last_year() - base->key.period.last_year();
  const double pace = CompoundGrowth(Number(*base), Number(*actuals.back()), years);
  return pace >= *progress.required_annual_growth ? ProgressStatus::kOnTrack
                                                  : ProgressStatus::kBehind;
}

ProgressStatus SharePace(const Progress& progress, const std::vector<const Observation*>& actuals) {
  const Observation* base = PaceBase(progress.target, actuals);
  if (base == nullptr || progress.years_left <= 0) return ProgressStatus::kNotDue;
  const double newest = Number(*actuals.back());
  const int years = actuals.back()->key.period.last_year() - base->key.period.last_year();
  const double pace = (newest - Number(*base)) / years;
  const double needed = (Number(progress.target) - newest) / progress.years_left;
  return pace >= needed ? ProgressStatus::kOnTrack : ProgressStatus::kBehind;
}

ProgressStatus StatusOf(const Progress& progress, const std::vector<const Observation*>& actuals) {
  if (actuals.empty()) return ProgressStatus::kNoData;
  const Observation& newest = *actuals.back();
  const Observation& target = progress.target;
  const bool attained = Attains(target, newest);
  if (newest.key.period == target.key.period) {
    return attained ? ProgressStatus::kMet : ProgressStatus::kMissed;
  }
  const bool is_state =
      target.key.measure == Measure::kLevel || target.key.measure == Measure::kShare;
  if (!is_state) return ProgressStatus::kNotDue;
  if (IsLimit(target)) return attained ? ProgressStatus::kOnTrack : ProgressStatus::kBehind;
  if (attained) return ProgressStatus::kMet;
  return target.key.measure == Measure::kLevel ? LevelPace(progress, actuals)
                                               : SharePace(progress, actuals);
}

absl::string_view FormulaOf(Measure measure) {
  switch (measure) {
    case Measure::kLevel:
      return kCompoundAnnualGrowth;
    case Measure::kShare:
      return kLinearPoints;
    default:
      return kDueValue;
  }
}

Progress Compare(const Observation& target, const std::vector<Observation>& all_actuals) {
  Progress progress{.target = target, .formula = std::string(FormulaOf(target.key.measure))};
  const std::vector<const Observation*> actuals = Comparable(target, all_actuals);
  if (!actuals.empty()) {
    const Observation& newest = *actuals.back();
    progress.actual = newest;
    progress.years_left =
        std::max(0, target.key.period.last_year() - newest.key.period.last_year());
    if (Number(target) != 0) progress.attained_share = Number(newest) / Number(target);
    if (target.key.measure == Measure::kLevel && progress.years_left > 0 && Number(newest) > 0 &&
        Number(target) > 0) {
      progress.required_annual_growth =
          CompoundGrowth(Number(newest), Number(target), progress.years_left);
    }
  }
  progress.status = StatusOf(progress, actuals);
  return progress;
}

bool IsGrowthOf(const Observation& growth, const Observation& level) {
  if (!SameSubject(growth, level) || level.key.measure != Measure::kLevel) return false;
  if (growth.key.period.last_day() != level.key.period.last_day()) return false;
  return (growth.key.measure == Measure::kAverageGrowth &&
          growth.key.period.granularity() == Period::Granularity::kYears &&
          level.key.period.granularity() == Period::Granularity::kYear) ||
         (growth.key.measure == Measure::kYoyGrowth && growth.key.period == level.key.period &&
          level.key.period.granularity() == Period::Granularity::kYear);
}

// Half a unit of the last digit stated: "12" may stand for 11.5 to 12.5.
double RoundingOf(const StatedValue& value) {
  if (value.qualifier == Qualifier::kAbout) return kAboutPoints;
  const size_t point = value.exact_value.find('.');
  const size_t decimals = point == std::string::npos ? 0 : value.exact_value.size() - point - 1;
  return 0.5 * std::pow(10.0, -static_cast<double>(decimals));
}

bool Agrees(const StatedValue& stated, double implied) {
  const double rounding = RoundingOf(stated);
  const double rate = stated.ToDouble();
  const bool enough = implied >= rate - rounding;
  switch (stated.qualifier) {
    case Qualifier::kAtLeast:
    case Qualifier::kOver:
      return enough;
    case Qualifier::kAtMost:
      return implied <= rate + rounding;
    case Qualifier::kRange: {
      const absl::StatusOr<Decimal> high = Decimal::Parse(stated.exact_value_high);
      return enough && implied <= (high.ok() ? high->ToDouble() : rate) + rounding;
    }
    default:
      return enough && implied <= rate + rounding;
  }
}

// The qualifier in words, with a space behind; nothing for an exact value.
absl::string_view Firmness(Qualifier qualifier) {
  switch (qualifier) {
    case Qualifier::kAbout:
      return "about ";
    case Qualifier::kAtLeast:
      return "at least ";
    case Qualifier::kAtMost:
      return "at most ";
    case Qualifier::kOver:
      return "over ";
    case Qualifier::kExact:
    case Qualifier::kRange:
      return "";
  }
  return "";
}

// Holds the stated growth against the growth that the levels themselves mean.
void CheckGrowth(const std::vector<Observation>& actuals, Progress& progress) {
  const Observation& growth = *progress.growth_target;
  const Observation& target = progress.target;
  const Period base_year = Period::Year(growth.key.period.first_year() - 1);
  for (const Observation& actual : actuals) {
    if (!SameSubject(actual, target) || actual.key.measure != Measure::kLevel ||
        actual.key.period != base_year || actual.vintage.value.unit != target.vintage.value.unit ||
        Number(actual) <= 0 || Number(target) <= 0) {
      continue;
    }
    const int years = target.key.period.last_year() - base_year.last_year();
    const double implied = CompoundGrowth(Number(actual), Number(target), years);
    const bool agrees = Agrees(growth.vintage.value, implied);
    progress.notes.push_back(absl::StrCat(
        "the growth target of ", Firmness(growth.vintage.value.qualifier),
        growth.vintage.value.printed, " a year (", growth.key.period.ToString(),
        agrees ? ") is consistent with its levels: " : ") is contradicted by its own levels: ",
        actual.vintage.value.printed, " in ", base_year.ToString(), " to ",
        target.vintage.value.printed, " in ", target.key.period.ToString(), " is ",
        absl::StrFormat("%.2f", implied), " % a year",
        agrees ? "" : "; levels are in current prices, growth rates usually in constant ones"));
    return;
  }
}

}  // namespace

std::vector<Progress> ComputeProgress(const std::vector<Observation>& targets,
                                      const std::vector<Observation>& actuals) {
  std::vector<Progress> all;
  for (const Observation& target : targets) {
    if (!IsNumber(target)) continue;
    const bool shown_with_level =
        std::any_of(targets.begin(), targets.end(),
                    [&](const Observation& level) { return IsGrowthOf(target, level); });
    if (shown_with_level) continue;
    Progress progress = Compare(target, actuals);
    for (const Observation& growth : targets) {
      if (!IsGrowthOf(growth, target) || !IsNumber(growth)) continue;
      // An average over the span says more than the last year's rate.
      if (!progress.growth_target.has_value() || growth.key.measure == Measure::kAverageGrowth) {
        progress.growth_target = growth;
      }
    }
    if (progress.growth_target.has_value()) CheckGrowth(actuals, progress);
    all.push_back(std::move(progress));
  }
  std::sort(all.begin(), all.end(), [](const Progress& a, const Progress& b) {
    const auto subject = [](const Progress& progress) {
      return std::tie(progress.target.key.indicator, progress.target.key.place);
    };
    if (subject(a) != subject(b)) return subject(a) < subject(b);
    if (a.target.key.period != b.target.key.period) {
      return a.target.key.period < b.target.key.period;
    }
    return a.target.key.measure < b.target.key.measure;
  });
  return all;
}

}  // namespace cityinfo::metrics
