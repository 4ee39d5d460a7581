#pragma once

#include <string>
#include <vector>

#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/decimal.h"
#include "services/metrics/domain/observation.h"
#include "services/metrics/domain/period.h"

namespace cityinfo::metrics {

// The words of findings: what a Chinese reader is told is wrong, with the numbers in it. Pure
// functions; an indicator that the catalogue does not know goes by its id.

// "2021年", "2021年上半年", "2021年三季度", "2021年1—9月", "2016—2020年".
std::string PeriodInChinese(const Period& period);

// `limit` is the bound that is broken: "100%".
std::string ShareMessage(const Observation& share, const std::string& limit,
                         const Catalogue& catalogue);

// `sum` is that of `parts`; `all`: no part is missing.
std::string PartsMessage(const Observation& whole, const std::vector<Observation>& parts,
                         const Decimal& sum, bool all, const Catalogue& catalogue);
// The same of shares, whose whole is 100.
std::string SharesMessage(const std::vector<Observation>& shares, const Decimal& sum,
                          const Catalogue& catalogue);

// `implied` is the growth that leads from `before` to `level`, in percent.
std::string GrowthMessage(const Observation& growth, const Observation& level,
                          const Observation& before, const Decimal& implied,
                          const Catalogue& catalogue);

// 10^`power` is how many times too large the value is beside `neighbours`.
std::string PowerMessage(const Observation& value, const std::vector<Observation>& neighbours,
                         int power, const Catalogue& catalogue);

}  // namespace cityinfo::metrics
