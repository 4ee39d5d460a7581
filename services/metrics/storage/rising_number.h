#pragma once

#include <atomic>
#include <cstdint>

namespace cityinfo::metrics {

// The largest number anyone has reported. Thread-safe.
class RisingNumber {
 public:
  void Raise(std::int64_t to) {
    std::int64_t known = value_.load();
    while (known < to && !value_.compare_exchange_weak(known, to)) {
    }
  }
  std::int64_t value() const { return value_.load(); }

 private:
  std::atomic<std::int64_t> value_ = 0;
};

}  // namespace cityinfo::metrics
