#include "services/metrics/cache/cache_key.h"

#include "absl/strings/str_cat.h"

namespace cityinfo::metrics {
namespace {

// Raise it when the form of the key changes, what a query's canonical text means, or how an answer
// is encoded: a new release must not take an old one's bytes for its own.
constexpr absl::string_view kKeySchema = "observations/3";

}  // namespace

std::string CacheKey(absl::string_view data_set, std::span<const DataState> states,
                     const ObservationQuery& query) {
  std::string key =
      absl::StrCat(kKeySchema, "|", data_set.size(), ":", data_set, "|", states.size(), ":");
  for (const DataState& state : states) {
    absl::StrAppend(&key, state.sequence, "/", state.stamp, ",");
  }
  absl::StrAppend(&key, "|", query.CanonicalText());
  return key;
}

}  // namespace cityinfo::metrics
