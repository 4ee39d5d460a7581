#pragma once

#include <optional>
#include <string>

#include "services/metrics/domain/measure.h"
#include "services/metrics/domain/period.h"
#include "services/metrics/domain/revision_stage.h"

namespace cityinfo::metrics {

// What is read off a sentence: the parts of a figure that a data officer can put right. What the
// newspaper printed, and where, is no reading and stays. A plain value.
struct FigureReading {
  std::string indicator;  // as in Figure
  std::string place;
  Measure measure = Measure::kLevel;
  Kind kind = Kind::kActual;
  std::optional<Period> period;
  std::string exact_value;  // as in StatedValue
  std::string exact_value_high;
  std::string unit;
  Qualifier qualifier = Qualifier::kExact;
  RevisionStage stage = RevisionStage::kNone;
  bool unit_fits = true;  // as in Figure

  friend bool operator==(const FigureReading& a, const FigureReading& b) = default;
};

}  // namespace cityinfo::metrics
