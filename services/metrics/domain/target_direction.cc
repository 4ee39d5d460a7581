#include "services/metrics/domain/target_direction.h"

#include <algorithm>
#include <string>

#include "absl/status/statusor.h"

namespace cityinfo::metrics {
namespace {

constexpr char kNearPoints[] = "0.5";  // 8 % and 7.5 % are printed as the same whole number
constexpr char kNearPart[] = "0.01";

std::optional<Decimal> NumberOf(const std::string& text) {
  const absl::StatusOr<Decimal> number = Decimal::Parse(text);
  return number.ok() ? std::optional<Decimal>(*number) : std::nullopt;
}

bool IsFall(const Observation& target, const Decimal& goal) {
  const Measure measure = target.key.measure;
  return goal.is_negative() && (measure == Measure::kYoyGrowth ||
                                measure == Measure::kAverageGrowth || measure == Measure::kChange);
}

Decimal NearOf(const Observation& target, const Decimal& goal) {
  const std::string& unit = target.vintage.value.unit;
  if (unit == "%" || unit == "‰") return *Decimal::Parse(kNearPoints);
  return (goal.is_negative() ? goal.Negated() : goal).Times(*Decimal::Parse(kNearPart));
}

TargetBounds AtLeast(const Decimal& goal, bool over) {
  return {.direction = TargetDirection::kReachAtLeast, .low = goal, .over_low = over};
}

TargetBounds AtMost(const Decimal& goal, bool under) {
  return {.direction = TargetDirection::kStayAtMost, .high = goal, .under_high = under};
}

}  // namespace

bool TargetBounds::Below(const Decimal& value) const {
  return low.has_value() && (value < *low || (over_low && value == *low));
}

bool TargetBounds::Above(const Decimal& value) const {
  return high.has_value() && (*high < value || (under_high && value == *high));
}

std::optional<TargetBounds> BoundsOf(const Observation& target, const Indicator* indicator) {
  const StatedValue& value = target.vintage.value;
  const std::optional<Decimal> goal = NumberOf(value.exact_value);
  if (!goal.has_value()) return std::nullopt;
  if (target.key.measure == Measure::kRank) return AtMost(*goal, false);
  const bool fall = IsFall(target, *goal);
  const bool less_is_better = fall || (indicator != nullptr && indicator->less_is_better);
  switch (value.qualifier) {
    case Qualifier::kRange: {
      const std::optional<Decimal> other = NumberOf(value.exact_value_high);
      if (!other.has_value()) return std::nullopt;
      return TargetBounds{.direction = TargetDirection::kStayBetween,
                          .low = std::min(*goal, *other),
                          .high = std::max(*goal, *other)};
    }
    case Qualifier::kAbout: {
      const Decimal near = NearOf(target, *goal);
      TargetBounds bounds =
          less_is_better ? AtMost(goal->Plus(near), false) : AtLeast(goal->Minus(near), false);
      bounds.direction = TargetDirection::kComeNear;
      return bounds;
    }
    case Qualifier::kAtLeast:
      return fall ? AtMost(*goal, false) : AtLeast(*goal, false);
    case Qualifier::kOver:
      return fall ? AtMost(*goal, true) : AtLeast(*goal, true);
    case Qualifier::kAtMost:
      return fall ? AtLeast(*goal, false) : AtMost(*goal, false);
    case Qualifier::kExact:
      break;
  }
  return less_is_better ? AtMost(*goal, false) : AtLeast(*goal, false);
}

}  // namespace cityinfo::metrics
