#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "services/metrics/domain/observation.h"
#include "services/metrics/domain/period.h"

namespace cityinfo::metrics {

// What is computed from published levels on request. The names are FRED's and part of the public
// contract: never rename one, only add.
enum class Units {
  kLin,  // as published
  kChg,  // change on the period before
  kCh1,  // change on a year ago
  kPch,  // percent change on the period before
  kPc1,  // percent change on a year ago
  kPca,  // percent change on the period before, compounded to a year
  kNbd,  // index, 100 at a base period
};

absl::string_view ToString(Units units);  // "PC1"; static storage
std::optional<Units> ParseUnits(absl::string_view name);

// Percents and indexes have this many digits after the decimal point at most, the last one rounded,
// halves away from zero (四舍五入). Differences are exact.
inline constexpr int kComputedPlaces = 6;

// The period whose value that of `period` is compared with; nothing where there is none:
//
//                        the period before            a year ago
//   year, half, quarter  the one before               the same of the year before
//   month, day           the one before               the same (29 February has none)
//   span of months       the same months of the year before, in both cases: 1—9月 never stands
//                        beside 1—8月. Of spans over more than twelve months nothing
//   span of years        as many years, right before  nothing
//
// PCA needs to know how many such periods a year has: 1, 2, 4, 12, and 1 for spans of months; of
// days and spans of years nothing is computed. With NBD it is `index_period` (required, ignored
// otherwise), for periods of the same shape: equally long, of the same kind, and of spans of months
// the same months.
std::optional<Period> ComparedPeriod(Units units, const Period& period,
                                     const std::optional<Period>& index_period);

// Computes one value of what was published for a period and for its ComparedPeriod. Nothing when
// the earlier value is zero, when the units of both differ, or when one is a range. Never by way of
// a double; a power (PCA: the ratio to the power of 2, 4 or 12, so that no root is ever taken)
// keeps 60 significant digits before it is rounded.
//
// The result has the key of `own`; its unit is that of both (CHG, CH1), "%" or "" (NBD). It is as
// firm as both are: EXACT, or else ABOUT. It counts as published and as learned when the later of
// both was. It was never printed and no sentence states it, so `printed` and the citations are
// empty and the number of the vintage is 0; `computed_from` names both, `own` first.
std::optional<Observation> Compute(Units units, const Observation& own, const Observation& earlier);

}  // namespace cityinfo::metrics
