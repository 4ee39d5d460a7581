#include "services/metrics/domain/plausibility.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <tuple>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "services/metrics/domain/decimal.h"
#include "services/metrics/domain/plausibility_message.h"
#include "services/metrics/domain/printed_precision.h"
#include "services/metrics/domain/units.h"

namespace cityinfo::metrics {
namespace {

constexpr int kNeighbourYears = 3;
constexpr double kNearNeighbour = 2;
constexpr double kSteadyNeighbours = 2.5;
constexpr int kLonePower = 3;
constexpr int kImpliedPlaces = 2;   // of a growth in a message
constexpr int kExpectedPlaces = 1;  // growth rates are published to a tenth

using ByKey = std::map<ObservationKey, const Observation*>;

Decimal Hundred() { return Decimal::FromInteger(100); }

std::optional<Decimal> NumberOf(const std::string& text) {
  const absl::StatusOr<Decimal> number = Decimal::Parse(text);
  return number.ok() ? std::optional<Decimal>(*number) : std::nullopt;
}

// Of a statement without any "about" or "over".
std::optional<Decimal> ExactNumber(const Observation& observation) {
  const StatedValue& value = observation.vintage.value;
  return value.qualifier == Qualifier::kExact ? NumberOf(value.exact_value) : std::nullopt;
}

// A number and how far it was rounded.
struct Rounded {
  Decimal value;
  Decimal half;
};

std::optional<Rounded> RoundedNumber(const Observation& observation) {
  const std::optional<Decimal> value = ExactNumber(observation);
  if (!value.has_value()) return std::nullopt;
  return Rounded{.value = *value, .half = HalfOfLastDigit(observation.vintage.value)};
}

class Search {
 public:
  Search(const std::vector<Observation>& observations, const Catalogue& catalogue)
      : catalogue_(catalogue) {
    for (const Observation& observation : observations) by_key_[observation.key] = &observation;
  }

  std::vector<PlausibilityFinding> Run() {
    for (const auto& [key, observation] : by_key_) CheckShare(*observation);
    for (const Indicator& whole : catalogue_.indicators()) {
      if (whole.parts.empty()) continue;
      CheckParts(whole);
      if (whole.part_shares_add_up) CheckPartShares(whole);
    }
    for (const auto& [key, observation] : by_key_) CheckGrowth(*observation);
    CheckSeries();
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const PlausibilityFinding& a, const PlausibilityFinding& b) {
                       return std::tie(a.rule, a.observation.key) <
                              std::tie(b.rule, b.observation.key);
                     });
    return std::move(findings_);
  }

 private:
  const Observation* Find(const ObservationKey& key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : found->second;
  }

  ShareBounds BoundsOf(const std::string& indicator) const {
    const Indicator* known = catalogue_.FindIndicator(indicator);
    return known == nullptr ? ShareBounds::kWhole : known->share_bounds;
  }

  GrowthBasis BasisOf(const std::string& indicator) const {
    const Indicator* known = catalogue_.FindIndicator(indicator);
    return known == nullptr ? GrowthBasis::kCurrent : known->growth_basis;
  }

  void CheckShare(const Observation& share) {
    const StatedValue& value = share.vintage.value;
    if (share.key.measure != Measure::kShare || (value.unit != "%" && value.unit != "‰")) return;
    const std::optional<Decimal> low = NumberOf(value.exact_value);
    if (!low.has_value()) return;
    const Decimal high = NumberOf(value.exact_value_high).value_or(*low);
    const Decimal whole = Decimal::FromInteger(value.unit == "%" ? 100 : 1000);
    const ShareBounds bounds = BoundsOf(share.key.indicator);
    std::string limit;
    if (whole < std::max(*low, high) && bounds != ShareBounds::kOver100) {
      limit = absl::StrCat(whole.ToString(), value.unit);
    } else if (std::min(*low, high).is_negative() && bounds != ShareBounds::kBelow0) {
      limit.push_back('0');
    } else {
      return;
    }
    findings_.push_back({.rule = PlausibilityRule::kShareOutOfRange,
                         .observation = share,
                         .message = ShareMessage(share, limit, catalogue_)});
  }

  // The parts of a whole at the place, kind and period of `key`, as far as they are known exactly
  // and in this unit.
  std::vector<const Observation*> PartsAt(const Indicator& whole, ObservationKey key,
                                          const std::string& unit) const {
    std::vector<const Observation*> parts;
    for (const std::string& id : whole.parts) {
      key.indicator = id;
      const Observation* part = Find(key);
      if (part != nullptr && part->vintage.value.unit == unit && RoundedNumber(*part)) {
        parts.push_back(part);
      }
    }
    return parts;
  }

  static Rounded SumOf(const std::vector<const Observation*>& parts) {
    Rounded sum;
    for (const Observation* part : parts) {
      const Rounded number = *RoundedNumber(*part);
      sum.value = sum.value.Plus(number.value);
      sum.half = sum.half.Plus(number.half);
    }
    return sum;
  }

  // Whether parts that add up to `sum` fit a whole of `total`, some of them missing or not.
  static bool Fits(const Decimal& total, const Rounded& sum, const Decimal& slack, bool all) {
    const Decimal surplus = sum.value.Minus(total);
    return !(slack < surplus) && !(all && slack < surplus.Negated());
  }

  static std::vector<Observation> Copies(const std::vector<const Observation*>& observations) {
    std::vector<Observation> copies;
    for (const Observation* observation : observations) copies.push_back(*observation);
    return copies;
  }

  void CheckParts(const Indicator& whole) {
    for (auto at = by_key_.lower_bound({.indicator = whole.id});
         at != by_key_.end() && at->first.indicator == whole.id; ++at) {
      const Observation& total = *at->second;
      const std::optional<Rounded> number = RoundedNumber(total);
      if (total.key.measure != Measure::kLevel || !number.has_value()) continue;
      const auto parts = PartsAt(whole, total.key, total.vintage.value.unit);
      const bool all = parts.size() == whole.parts.size();
      const Rounded sum = SumOf(parts);
      if (Fits(number->value, sum, sum.half.Plus(number->half), all)) continue;
      std::vector<Observation> compared = Copies(parts);
      std::string message = PartsMessage(total, compared, sum.value, all, catalogue_);
      findings_.push_back({.rule = PlausibilityRule::kPartsDoNotAddUp,
                           .observation = total,
                           .compared = std::move(compared),
                           .message = std::move(message),
                           .expected = all ? sum.value.ToString() : ""});
    }
  }

  void CheckPartShares(const Indicator& whole) {
    // Each place, kind and period once, whichever part it is known of.
    std::map<ObservationKey, std::vector<const Observation*>> shares;
    for (const std::string& id : whole.parts) {
      for (auto at = by_key_.lower_bound({.indicator = id});
           at != by_key_.end() && at->first.indicator == id; ++at) {
        ObservationKey key = at->first;
        key.indicator = whole.id;
        if (key.measure == Measure::kShare) shares.emplace(key, PartsAt(whole, key, "%"));
      }
    }
    for (const auto& [key, parts] : shares) {
      const bool all = parts.size() == whole.parts.size();
      const Rounded sum = SumOf(parts);
      if (parts.empty() || Fits(Hundred(), sum, sum.half, all)) continue;
      const std::vector<Observation> known = Copies(parts);
      const Decimal first = *ExactNumber(known.front());
      findings_.push_back(
          {.rule = PlausibilityRule::kPartsDoNotAddUp,
           .observation = known.front(),
           .compared = std::vector<Observation>(known.begin() + 1, known.end()),
           .message = SharesMessage(known, sum.value, catalogue_),
           .expected = all ? Hundred().Minus(sum.value.Minus(first)).ToString() : ""});
    }
  }

  void CheckGrowth(const Observation& growth) {
    if (growth.key.measure != Measure::kYoyGrowth || growth.key.kind != Kind::kActual) return;
    const std::optional<Rounded> rate = RoundedNumber(growth);
    const std::optional<Period> year_ago =
        ComparedPeriod(Units::kPc1, growth.key.period, std::nullopt);
    if (!rate.has_value() || growth.vintage.value.unit != "%" || !year_ago.has_value()) return;
    ObservationKey key = growth.key;
    key.measure = Measure::kLevel;
    const Observation* level = Find(key);
    key.period = *year_ago;
    const Observation* before = Find(key);
    if (level == nullptr || before == nullptr) return;
    const std::string& unit = level->vintage.value.unit;
    const std::optional<Rounded> b = RoundedNumber(*level);
    const std::optional<Rounded> a = RoundedNumber(*before);
    const Decimal zero;
    if (unit.empty() || unit != before->vintage.value.unit || !a.has_value() || !b.has_value() ||
        !(zero < b->value) || !(zero < a->value.Minus(a->half))) {
      return;
    }
    const bool nominal = BasisOf(growth.key.indicator) == GrowthBasis::kCurrent;
    const Decimal slack =
        rate->half.Plus(*Decimal::Parse(nominal ? kGrowthSlack : kGrowthSlackOfOtherBasis));
    // 100 * b / a lies in [100 + g - slack, 100 + g + slack] for some a and b that round to theirs.
    const Decimal least = b->value.Minus(b->half).Times(Hundred());
    const Decimal most = b->value.Plus(b->half).Times(Hundred());
    const Decimal index = Hundred().Plus(rate->value);
    if (!(index.Plus(slack).Times(a->value.Plus(a->half)) < least) &&
        !(most < index.Minus(slack).Times(a->value.Minus(a->half)))) {
      return;
    }
    const Decimal ratio = b->value.Times(Hundred());
    const auto implied = [&](int places) {
      return ratio.DividedBy(a->value, places)->Minus(Hundred());
    };
    findings_.push_back(
        {.rule = PlausibilityRule::kGrowthContradictsLevels,
         .observation = growth,
         .compared = {*level, *before},
         .message = GrowthMessage(growth, *level, *before, implied(kImpliedPlaces), catalogue_),
         .expected = nominal ? implied(kExpectedPlaces).ToString() : ""});
  }

  // A value of a series as the last rule sees it.
  struct Point {
    const Observation* observation;
    double value;
  };

  // Every series of periods of one kind, in the order of time.
  void CheckSeries() {
    using SeriesKey = std::tuple<std::string, std::string, Period::Granularity, int, int, int,
                                 std::string>;  // and the unit
    std::map<SeriesKey, std::vector<Point>> series;
    for (const auto& [key, observation] : by_key_) {
      if (key.measure != Measure::kLevel || key.kind != Kind::kActual) continue;
      const Period& period = key.period;
      const std::string& unit = observation->vintage.value.unit;
      const std::optional<Decimal> value = ExactNumber(*observation);
      if (period.granularity() == Period::Granularity::kYears || unit.empty() ||
          !value.has_value() || value->is_zero() || value->is_negative()) {
        continue;
      }
      const bool is_day = period.granularity() == Period::Granularity::kDay;
      series[{key.indicator, key.place, period.granularity(),
              static_cast<int>(period.first_day().month()),
              static_cast<int>(period.last_day().month()), is_day ? period.first_day().day() : 0,
              unit}]
          .push_back({observation, value->ToDouble()});
    }
    for (const auto& [key, points] : series) CheckRuns(points);
  }

  // Splits a series where years are missing.
  void CheckRuns(const std::vector<Point>& points) {
    const auto year = [&](size_t i) { return points[i].observation->key.period.last_year(); };
    for (size_t begin = 0; begin < points.size();) {
      size_t end = begin + 1;
      while (end < points.size() && year(end) - year(end - 1) <= kNeighbourYears) ++end;
      CheckRun({points.begin() + static_cast<std::ptrdiff_t>(begin),
                points.begin() + static_cast<std::ptrdiff_t>(end)});
      begin = end;
    }
  }

  void CheckRun(const std::vector<Point>& run) {
    if (run.size() == 2) {
      const int power = PowerBetween(run[1].value, run[0].value, run[0].value);
      if (std::abs(power) >= kLonePower) AddPower(run[1], {run[0]}, power);
    }
    if (run.size() < 3) return;
    const size_t last = run.size() - 1;
    for (size_t i = 0; i <= last; ++i) {
      const Point& before = i == 0 ? run[1] : run[i == last ? last - 2 : i - 1];
      const Point& after = i == 0 ? run[2] : run[i == last ? last - 1 : i + 1];
      const int power = PowerBetween(run[i].value, before.value, after.value);
      if (power != 0) AddPower(run[i], {before, after}, power);
    }
  }

  static bool Within(double a, double b, double factor) {
    return a <= b * factor && b <= a * factor;
  }

  // The k for which value / 10^k stands well beside both neighbours; 0 when there is none or no
  // need of one.
  static int PowerBetween(double value, double before, double after) {
    if (!Within(before, after, kSteadyNeighbours)) return 0;
    const int power = static_cast<int>(std::lround(std::log10(value / std::sqrt(before * after))));
    const double mended = value / std::pow(10.0, power);
    return Within(mended, before, kNearNeighbour) && Within(mended, after, kNearNeighbour) ? power
                                                                                           : 0;
  }

  // Exact.
  static Decimal TimesPowerOfTen(const Decimal& value, int power) {
    const std::string zeros(static_cast<size_t>(std::abs(power)), '0');
    const std::string factor =
        power >= 0 ? absl::StrCat("1", zeros) : absl::StrCat("0.", zeros.substr(1), "1");
    return value.Times(*Decimal::Parse(factor));
  }

  void AddPower(const Point& point, const std::vector<Point>& neighbours, int power) {
    std::vector<Observation> compared;
    for (const Point& neighbour : neighbours) compared.push_back(*neighbour.observation);
    std::string message = PowerMessage(*point.observation, compared, power, catalogue_);
    findings_.push_back(
        {.rule = PlausibilityRule::kPowerOfTen,
         .observation = *point.observation,
         .compared = std::move(compared),
         .message = std::move(message),
         .expected = TimesPowerOfTen(*ExactNumber(*point.observation), -power).ToString()});
  }

  const Catalogue& catalogue_;
  ByKey by_key_;
  std::vector<PlausibilityFinding> findings_;
};

}  // namespace

absl::string_view ToString(PlausibilityRule rule) {
  switch (rule) {
    case PlausibilityRule::kShareOutOfRange:
      return "SHARE_OUT_OF_RANGE";
    case PlausibilityRule::kPartsDoNotAddUp:
      return "PARTS_DO_NOT_ADD_UP";
    case PlausibilityRule::kGrowthContradictsLevels:
      return "GROWTH_CONTRADICTS_LEVELS";
    case PlausibilityRule::kPowerOfTen:
      return "POWER_OF_TEN";
  }
  return "";
}

std::vector<PlausibilityFinding> FindImplausible(const std::vector<Observation>& observations,
                                                 const Catalogue& catalogue) {
  return Search(observations, catalogue).Run();
}

}  // namespace cityinfo::metrics
