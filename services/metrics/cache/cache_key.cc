#include "services/metrics/cache/cache_key.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace cityinfo::metrics {
namespace {

// Raise it when the form of the key changes, what a query's canonical text means, or how an answer
// is encoded: a new release must not take an old one's bytes for its own.
constexpr absl::string_view kKeySchema = "observations/4";

}  // namespace

std::string CacheKey(absl::string_view data_set, std::span<const DataState> states,
                     absl::string_view question) {
  std::string key;
  key.reserve(kKeySchema.size() + data_set.size() + 40 * states.size() + question.size() + 40);
  absl::StrAppend(&key, kKeySchema, "|", data_set.size(), ":", data_set, "|", states.size(), ":");
  for (const DataState& state : states) {
    absl::StrAppend(&key, state.sequence, "/", state.stamp, ",");
  }
  absl::StrAppend(&key, "|", question);
  return key;
}

std::string CacheKey(absl::string_view data_set, std::span<const DataState> states,
                     const ObservationQuery& query) {
  return CacheKey(data_set, states, query.CanonicalText());
}

bool HasNotSeen(std::span<const DataState> states, std::int64_t seen) {
  return std::all_of(states.begin(), states.end(),
                     [seen](const DataState& state) { return state.sequence < seen; });
}

}  // namespace cityinfo::metrics
