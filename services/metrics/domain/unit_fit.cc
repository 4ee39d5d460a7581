#include "services/metrics/domain/unit_fit.h"

namespace cityinfo::metrics {

bool UnitFits(const Indicator& indicator, Measure measure, absl::string_view unit) {
  switch (measure) {
    case Measure::kLevel:
      return unit == indicator.base_unit;
    case Measure::kYoyGrowth:
    case Measure::kAverageGrowth:
      return unit == "%";
    case Measure::kShare:
    case Measure::kChange:
    case Measure::kRank:
    case Measure::kMultiple:
      return true;
  }
  return false;
}

std::vector<std::string> UnitsOf(const Indicator& indicator, Measure measure) {
  switch (measure) {
    case Measure::kLevel:
      return {indicator.base_unit};
    case Measure::kYoyGrowth:
    case Measure::kAverageGrowth:
      return {"%"};
    case Measure::kShare:
      return {"%", "‰"};
    case Measure::kChange:
      return {indicator.base_unit, "个百分点", "个千分点", "%", "‰", "位"};
    case Measure::kRank:
      return {"位"};
    case Measure::kMultiple:
      return {"倍", "番"};
  }
  return {indicator.base_unit};
}

}  // namespace cityinfo::metrics
