#pragma once

#include <chrono>
#include <vector>

namespace cityinfo::bench {

// What was measured, in one unit.
class Samples {
 public:
  void Add(double value) { values_.push_back(value); }
  void Add(const Samples& other);
  size_t size() const { return values_.size(); }

  // The value that `part` (0 … 1) of the samples do not exceed; 0 without samples.
  double Quantile(double part) const;
  double Median() const { return Quantile(0.5); }

 private:
  std::vector<double> values_;
};

// Time since it was made.
class Stopwatch {
 public:
  double Seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }
  double Milliseconds() const { return Seconds() * 1e3; }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace cityinfo::bench
