#include "services/metrics/domain/growth_target.h"

#include <cmath>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "services/metrics/domain/decimal.h"

namespace cityinfo::metrics {
namespace {

constexpr double kAboutPoints = 1.0;

double Number(const Observation& observation) { return observation.vintage.value.ToDouble(); }

bool SameSubject(const Observation& a, const Observation& b) {
  return a.key.indicator == b.key.indicator && a.key.place == b.key.place;
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

// As printed, without the newspaper's line breaks.
std::string Printed(const Observation& observation) {
  return absl::StrReplaceAll(observation.vintage.value.printed, {{"\n", ""}, {"\r", ""}});
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

}  // namespace

bool IsGrowthOf(const Observation& growth, const Observation& level) {
  if (!SameSubject(growth, level) || level.key.measure != Measure::kLevel) return false;
  if (growth.key.period.last_day() != level.key.period.last_day()) return false;
  return (growth.key.measure == Measure::kAverageGrowth &&
          growth.key.period.granularity() == Period::Granularity::kYears &&
          level.key.period.granularity() == Period::Granularity::kYear) ||
         (growth.key.measure == Measure::kYoyGrowth && growth.key.period == level.key.period &&
          level.key.period.granularity() == Period::Granularity::kYear);
}

std::optional<GrowthCheck> CheckGrowth(const Observation& growth, const Observation& level,
                                       const std::vector<const Observation*>& actuals) {
  const Period base_year = Period::Year(growth.key.period.first_year() - 1);
  for (const Observation* actual : actuals) {
    if (!SameSubject(*actual, level) || actual->key.measure != Measure::kLevel ||
        actual->key.period != base_year || actual->vintage.value.unit != level.vintage.value.unit ||
        Number(*actual) <= 0 || Number(level) <= 0) {
      continue;
    }
    const int years = level.key.period.last_year() - base_year.last_year();
    const double implied = (std::pow(Number(level) / Number(*actual), 1.0 / years) - 1) * 100;
    const bool agrees = Agrees(growth.vintage.value, implied);
    return GrowthCheck{
        .note = absl::StrCat(
            "the growth target of ", Firmness(growth.vintage.value.qualifier), Printed(growth),
            " a year (", growth.key.period.ToString(),
            agrees ? ") is consistent with its levels: " : ") is contradicted by its own levels: ",
            Printed(*actual), " in ", base_year.ToString(), " to ", Printed(level), " in ",
            level.key.period.ToString(), " is ", absl::StrFormat("%.2f", implied), " % a year",
            agrees ? "" : "; levels are in current prices, growth rates usually in constant ones"),
        .base = *actual};
  }
  return std::nullopt;
}

}  // namespace cityinfo::metrics
