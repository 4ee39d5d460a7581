#include "services/metrics/domain/units.h"

#include <algorithm>
#include <string>

#include "services/metrics/domain/decimal.h"
#include "services/metrics/domain/granularity.h"

namespace cityinfo::metrics {
namespace {

constexpr Units kAll[] = {Units::kLin, Units::kChg, Units::kCh1, Units::kPch,
                          Units::kPc1, Units::kPca, Units::kNbd};
constexpr int kMonthsInYear = 12;

int MonthIndex(absl::CivilDay day) {
  return static_cast<int>(day.year()) * kMonthsInYear + day.month() - 1;
}

// Months that the period lasts, the ones at both ends counted.
int MonthCount(const Period& period) {
  return MonthIndex(period.last_day()) - MonthIndex(period.first_day()) + 1;
}

// How many months lie between a period and the one before it; 0 where PCA has no meaning.
int StepOf(Granularity granularity) {
  switch (granularity) {
    case Granularity::kYearly:
    case Granularity::kCumulativeMonths:
    case Granularity::kMonthSpan:
      return kMonthsInYear;
    case Granularity::kHalfYearly:
      return 6;
    case Granularity::kQuarterly:
      return 3;
    case Granularity::kMonthly:
      return 1;
    case Granularity::kDaily:
    case Granularity::kYearSpan:
      break;
  }
  return 0;
}

// The period of the same kind that begins so many months earlier; nothing before the year 1.
std::optional<Period> Earlier(const Period& period, int months) {
  const int first = MonthIndex(period.first_day()) - months;
  const int last = MonthIndex(period.last_day()) - months;
  const int year = first / kMonthsInYear;
  const int month = first % kMonthsInYear + 1;
  if (year < 1) return std::nullopt;
  switch (period.granularity()) {
    case Period::Granularity::kYear:
      return Period::Year(year);
    case Period::Granularity::kHalf:
      return Period::Half(year, (month + 5) / 6);
    case Period::Granularity::kQuarter:
      return Period::Quarter(year, (month + 2) / 3);
    case Period::Granularity::kMonth:
      return Period::Month(year, month);
    case Period::Granularity::kYears:
      return Period::Years(year, last / kMonthsInYear);
    case Period::Granularity::kMonths:
      return Period::Months(year, month, last / kMonthsInYear, last % kMonthsInYear + 1);
    case Period::Granularity::kDay:
      break;
  }
  const Period day = Period::Day(year, month, period.first_day().day());
  if (day.first_day().day() != period.first_day().day()) return std::nullopt;
  return day;
}

std::optional<Period> YearAgo(const Period& period) {
  const Granularity granularity = GranularityOf(period);
  if (granularity == Granularity::kYearSpan || MonthCount(period) > kMonthsInYear) {
    return std::nullopt;
  }
  return Earlier(period, kMonthsInYear);
}

std::optional<Period> Before(const Period& period) {
  switch (GranularityOf(period)) {
    case Granularity::kCumulativeMonths:
    case Granularity::kMonthSpan:
      return YearAgo(period);
    case Granularity::kYearSpan:
      return Earlier(period, MonthCount(period));
    case Granularity::kDaily:
      if (period.first_day() == absl::CivilDay(1, 1, 1)) return std::nullopt;
      return Period::Day(period.first_day() - 1);
    default:
      return Earlier(period, StepOf(GranularityOf(period)));
  }
}

bool SameShape(const Period& a, const Period& b) {
  if (GranularityOf(a) != GranularityOf(b)) return false;
  if (a.granularity() != Period::Granularity::kMonths &&
      a.granularity() != Period::Granularity::kYears) {
    return true;
  }
  return MonthCount(a) == MonthCount(b) && a.first_day().month() == b.first_day().month();
}

Decimal Hundred() { return Decimal::FromInteger(100); }

Decimal Power(const Decimal& base, int exponent) {
  Decimal power = base;
  for (int i = 1; i < exponent; ++i) power = power.Times(base);
  return power;
}

// (later / earlier - 1) * 100. One division, of exact numbers, so rounding happens once.
std::optional<Decimal> PercentChange(const Decimal& later, const Decimal& earlier) {
  return later.Minus(earlier).Times(Hundred()).DividedBy(earlier, kComputedPlaces);
}

std::optional<Decimal> ValueOf(Units units, const Period& period, const Decimal& own,
                               const Decimal& earlier) {
  switch (units) {
    case Units::kLin:
      break;
    case Units::kChg:
    case Units::kCh1:
      return own.Minus(earlier);
    case Units::kPch:
    case Units::kPc1:
      return PercentChange(own, earlier);
    case Units::kPca: {
      const int times = kMonthsInYear / StepOf(GranularityOf(period));
      return PercentChange(Power(own, times), Power(earlier, times));
    }
    case Units::kNbd:
      return own.Times(Hundred()).DividedBy(earlier, kComputedPlaces);
  }
  return std::nullopt;
}

std::string UnitOf(Units units, const std::string& unit) {
  switch (units) {
    case Units::kPch:
    case Units::kPc1:
    case Units::kPca:
      return "%";
    case Units::kNbd:
      return "";
    default:
      return unit;
  }
}

bool IsRange(const Observation& observation) {
  return observation.vintage.value.qualifier == Qualifier::kRange;
}

bool IsExact(const Observation& observation) {
  return observation.vintage.value.qualifier == Qualifier::kExact;
}

}  // namespace

absl::string_view ToString(Units units) {
  switch (units) {
    case Units::kLin:
      return "LIN";
    case Units::kChg:
      return "CHG";
    case Units::kCh1:
      return "CH1";
    case Units::kPch:
      return "PCH";
    case Units::kPc1:
      return "PC1";
    case Units::kPca:
      return "PCA";
    case Units::kNbd:
      return "NBD";
  }
  return "";
}

std::optional<Units> ParseUnits(absl::string_view name) {
  for (const Units units : kAll) {
    if (ToString(units) == name) return units;
  }
  return std::nullopt;
}

std::optional<Period> ComparedPeriod(Units units, const Period& period,
                                     const std::optional<Period>& index_period) {
  switch (units) {
    case Units::kLin:
      break;
    case Units::kChg:
    case Units::kPch:
      return Before(period);
    case Units::kPca:
      if (StepOf(GranularityOf(period)) == 0) return std::nullopt;
      return Before(period);
    case Units::kCh1:
    case Units::kPc1:
      return YearAgo(period);
    case Units::kNbd:
      if (index_period.has_value() && SameShape(period, *index_period)) return index_period;
      break;
  }
  return std::nullopt;
}

std::optional<Observation> Compute(Units units, const Observation& own,
                                   const Observation& earlier) {
  const StatedValue& value = own.vintage.value;
  const StatedValue& base = earlier.vintage.value;
  if (IsRange(own) || IsRange(earlier) || value.unit != base.unit) return std::nullopt;
  const absl::StatusOr<Decimal> later = Decimal::Parse(value.exact_value);
  const absl::StatusOr<Decimal> before = Decimal::Parse(base.exact_value);
  if (!later.ok() || !before.ok() || before->is_zero()) return std::nullopt;
  const std::optional<Decimal> result = ValueOf(units, own.key.period, *later, *before);
  if (!result.has_value()) return std::nullopt;
  Observation computed;
  computed.key = own.key;
  computed.computed_from = {own.key, earlier.key};
  Vintage& vintage = computed.vintage;
  vintage.value.exact_value = result->ToString();
  vintage.value.unit = UnitOf(units, value.unit);
  vintage.value.qualifier =
      IsExact(own) && IsExact(earlier) ? Qualifier::kExact : Qualifier::kAbout;
  vintage.publish_date = std::max(own.vintage.publish_date, earlier.vintage.publish_date);
  vintage.record_time = std::max(own.vintage.record_time, earlier.vintage.record_time);
  return computed;
}

}  // namespace cityinfo::metrics
