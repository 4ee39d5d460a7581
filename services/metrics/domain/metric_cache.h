#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "services/metrics/domain/encoded_answer.h"

namespace cityinfo::metrics {

// Keeps encoded answers under immutable keys: what a key once meant it means for ever, so there is
// nothing to invalidate and an entry may vanish at any time. Can never fail a request: whatever
// goes wrong inside is a miss, and a Put that is not kept. Implementations are thread-safe and
// bound how long a call takes.
class MetricCache {
 public:
  virtual ~MetricCache() = default;

  virtual std::optional<EncodedAnswer> Get(absl::string_view key) = 0;
  virtual void Put(absl::string_view key, EncodedAnswer answer) = 0;
};

}  // namespace cityinfo::metrics
