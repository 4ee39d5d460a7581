#pragma once

#include "services/metrics/domain/measure.h"

namespace cityinfo::metrics {

// The numbers under which enums are stored: never change one, only add. They also are the order of
// measures and kinds in answers.

inline int StoredCode(Measure measure) {
  switch (measure) {
    case Measure::kLevel:
      return 1;
    case Measure::kYoyGrowth:
      return 2;
    case Measure::kAverageGrowth:
      return 3;
    case Measure::kShare:
      return 4;
    case Measure::kChange:
      return 5;
    case Measure::kRank:
      return 6;
    case Measure::kMultiple:
      return 7;
  }
  return 0;
}

inline int StoredCode(Kind kind) {
  switch (kind) {
    case Kind::kActual:
      return 1;
    case Kind::kTarget:
      return 2;
    case Kind::kForecast:
      return 3;
  }
  return 0;
}

inline int StoredCode(Qualifier qualifier) {
  switch (qualifier) {
    case Qualifier::kExact:
      return 1;
    case Qualifier::kAbout:
      return 2;
    case Qualifier::kAtLeast:
      return 3;
    case Qualifier::kAtMost:
      return 4;
    case Qualifier::kOver:
      return 5;
    case Qualifier::kRange:
      return 6;
  }
  return 0;
}

inline Measure MeasureFromCode(long code) {
  constexpr Measure kMeasures[] = {Measure::kLevel,   Measure::kYoyGrowth, Measure::kAverageGrowth,
                                   Measure::kShare,   Measure::kChange,    Measure::kRank,
                                   Measure::kMultiple};
  return code >= 1 && code <= 7 ? kMeasures[code - 1] : Measure::kLevel;
}

inline Kind KindFromCode(long code) {
  return code == 3 ? Kind::kForecast : code == 2 ? Kind::kTarget : Kind::kActual;
}

inline Qualifier QualifierFromCode(long code) {
  constexpr Qualifier kQualifiers[] = {Qualifier::kExact,  Qualifier::kAbout, Qualifier::kAtLeast,
                                       Qualifier::kAtMost, Qualifier::kOver,  Qualifier::kRange};
  return code >= 1 && code <= 6 ? kQualifiers[code - 1] : Qualifier::kExact;
}

}  // namespace cityinfo::metrics
