#pragma once

#include <vector>

namespace cityinfo::bench {

// How a service time varies around its mean: a distribution with mean 1.
class ServiceTime {
 public:
  static ServiceTime Constant();
  static ServiceTime Exponential();
  // From measured quantiles, evenly spaced from 0 to 1, ascending, of any unit; between two of them
  // every value is equally likely. A single one means constant.
  static ServiceTime FromQuantiles(std::vector<double> quantiles);

  // The value below which a share `u` of all lie; 0 <= u < 1. With uniform u this draws one.
  double Quantile(double u) const;

  // Square of the coefficient of variation: 0 for constant, 1 for exponential.
  double squared_variation() const { return squared_variation_; }

 private:
  std::vector<double> table_;  // of mean 1; empty: exponential
  double squared_variation_ = 1;
};

}  // namespace cityinfo::bench
