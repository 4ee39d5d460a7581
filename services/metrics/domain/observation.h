#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/base/date.h"
#include "services/metrics/domain/citation.h"
#include "services/metrics/domain/measure.h"
#include "services/metrics/domain/period.h"
#include "services/metrics/domain/revision_stage.h"
#include "services/metrics/domain/stated_value.h"
#include "services/metrics/domain/superseded_reason.h"

namespace cityinfo::metrics {

// What an observation is about. Keys are ordered as answers are: by indicator, place, measure, kind
// and period (by its end, then its begin, then its text).
struct ObservationKey {
  std::string indicator;  // id in the catalogue
  std::string place;      // GB/T 2260, normalised (see place_code.h)
  Measure measure = Measure::kLevel;
  Kind kind = Kind::kActual;
  Period period;

  // "gdp.522601.LEVEL.ACTUAL.2020", "retail_sales.5226.AVERAGE_GROWTH.TARGET.2021_2025". Unique;
  // the last segment of the resource name and the keyset position of a page.
  std::string ToId() const;

  // The inverse; INVALID_ARGUMENT for any other text.
  static absl::StatusOr<ObservationKey> FromId(absl::string_view id);

  friend bool operator==(const ObservationKey& a, const ObservationKey& b) = default;
  friend bool operator<(const ObservationKey& a, const ObservationKey& b);
};

// One version of an observation. Never changed once stored, but that it is superseded some day.
//
// Two times: the value counts from `publish_date` on (until a vintage with a later publish_date),
// and the platform held that true during [record_time, superseded_at).
struct Vintage {
  std::int64_t number = 0;  // from 1, in the order recorded, per key
  StatedValue value;
  base::Date publish_date;
  absl::Time record_time;
  absl::Time superseded_at = absl::InfiniteFuture();
  std::vector<Citation> citations;  // as they stood at the moment asked for, surest first
  std::string source;               // of a value loaded from a file; empty otherwise
  RevisionStage stage = RevisionStage::kNone;
  // Why it was superseded; said where superseded_at is.
  SupersededReason superseded_reason = SupersededReason::kNone;
};

// The platform's value for one key, at the moment asked for.
struct Observation {
  ObservationKey key;
  Vintage vintage;
  // Of a value computed on request (see units.h), what it was computed of; empty when published.
  std::vector<ObservationKey> computed_from = {};
};

}  // namespace cityinfo::metrics
