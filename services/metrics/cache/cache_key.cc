#include "services/metrics/cache/cache_key.h"

#include "absl/strings/str_cat.h"

namespace cityinfo::metrics {
namespace {

// Raise it when the form of the key changes, what a query's canonical text means, or how an answer
// is encoded: a new release must not take an old one's bytes for its own.
constexpr absl::string_view kKeySchema = "observations/1";

}  // namespace

std::string CacheKey(absl::string_view data_set, std::span<const std::int64_t> versions,
                     const ObservationQuery& query) {
  std::string key =
      absl::StrCat(kKeySchema, "|", data_set.size(), ":", data_set, "|", versions.size(), ":");
  for (const std::int64_t version : versions) absl::StrAppend(&key, version, ",");
  absl::StrAppend(&key, "|", query.CanonicalText());
  return key;
}

}  // namespace cityinfo::metrics
