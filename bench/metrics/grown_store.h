#pragma once

#include <cstdint>
#include <string>

#include "services/metrics/domain/catalogue/catalogue.h"

namespace cityinfo::bench {

// A store of one indicator and one place has a level for each of so many years, and a growth for
// each of so many quarters.
inline constexpr int kYears = 40;
inline constexpr int kFirstYear = 1981;
inline constexpr int kQuarters = 44;
inline constexpr int kFirstQuarterYear = 2010;

// Makes a SQLite store at `path` with observations for every indicator and place of the catalogue:
// 300 x 400 x (40 + 44) = 10,080,000. The service's own code makes the file and records the first
// indicator and place; what it wrote is then copied, row by row, under other keys and ids, without
// looking at columns that say neither. So the file is what the service would have written, up to
// the values, in minutes instead of hours. Returns the number of observations.
int64_t GrowStore(const std::string& path, const metrics::Catalogue& catalogue);

}  // namespace cityinfo::bench
