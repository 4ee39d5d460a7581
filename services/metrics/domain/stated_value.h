#pragma once

#include <string>

#include "services/metrics/domain/measure.h"

namespace cityinfo::metrics {

// A number as it was stated: exact text for storage and comparison, a double for plotting only.
struct StatedValue {
  std::string printed;           // verbatim with its unit: "281.76亿元"
  std::string exact_value;       // canonical decimal in the base unit: "28176000000"
  std::string exact_value_high;  // upper end of a range; empty when it is none
  std::string unit;              // of exact_value: "元", "%"; "" for an index
  Qualifier qualifier = Qualifier::kExact;

  // The nearest double of exact_value.
  double ToDouble() const;

  // True when both say the same, however they were printed (281.76亿元 and 2817600万元 do). "About
  // 12 %" and "12 %" do not.
  bool SaysTheSameAs(const StatedValue& other) const;

  friend bool operator==(const StatedValue& a, const StatedValue& b) = default;
};

}  // namespace cityinfo::metrics
