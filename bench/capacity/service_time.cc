#include "bench/capacity/service_time.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace cityinfo::bench {

ServiceTime ServiceTime::Constant() { return FromQuantiles({1.0}); }

ServiceTime ServiceTime::Exponential() { return ServiceTime(); }

ServiceTime ServiceTime::FromQuantiles(std::vector<double> quantiles) {
  if (quantiles.size() == 1) quantiles.push_back(quantiles.front());
  // Between neighbours a and b the value is uniform: its mean is (a + b) / 2, the mean of its
  // square (a² + ab + b²) / 3.
  double mean = 0;
  double square = 0;
  const size_t parts = quantiles.size() - 1;
  for (size_t i = 0; i < parts; ++i) {
    const double a = quantiles[i];
    const double b = quantiles[i + 1];
    mean += (a + b) / 2 / static_cast<double>(parts);
    square += (a * a + a * b + b * b) / 3 / static_cast<double>(parts);
  }
  ServiceTime time;
  for (double& value : quantiles) value /= mean;
  time.table_ = std::move(quantiles);
  time.squared_variation_ = std::max(0.0, square / (mean * mean) - 1);
  return time;
}

double ServiceTime::Quantile(double u) const {
  if (table_.empty()) return -std::log1p(-u);
  const double place = u * static_cast<double>(table_.size() - 1);
  const size_t below = std::min(static_cast<size_t>(place), table_.size() - 2);
  const double part = place - static_cast<double>(below);
  return table_[below] + part * (table_[below + 1] - table_[below]);
}

}  // namespace cityinfo::bench
