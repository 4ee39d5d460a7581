#pragma once

#include <vector>

namespace cityinfo::metrics {

// Bounds in seconds of the histograms about Redis: a healthy one answers within the first few.
inline const std::vector<double>& RedisLatencyBuckets() {
  static const std::vector<double>* buckets = new std::vector<double>{
      0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.2, 1};
  return *buckets;
}

}  // namespace cityinfo::metrics
