#include "bench/baseline/samples.h"

#include <algorithm>
#include <cmath>

namespace cityinfo::bench {

void Samples::Add(const Samples& other) {
  values_.insert(values_.end(), other.values_.begin(), other.values_.end());
}

double Samples::Quantile(double part) const {
  if (values_.empty()) return 0;
  std::vector<double> sorted = values_;
  const double rank = std::ceil(part * static_cast<double>(sorted.size())) - 1;
  const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(std::max(rank, 0.0));
  std::nth_element(sorted.begin(), at, sorted.end());
  return *at;
}

}  // namespace cityinfo::bench
