#include "services/articles/rpc/label_count_cache.h"

#include <algorithm>
#include <utility>

namespace cityinfo::articles {

absl::StatusOr<LabelCountCache::Counts> LabelCountCache::Get(
    const Count& count, const std::function<absl::Time()>& now) {
  const absl::Time begun = now();
  bool first = false;
  {
    absl::MutexLock lock(&mutex_);
    if (begun < good_until_ || (counting_ && begun < usable_until_)) return kept_;
    first = !std::exchange(counting_, true);
  }
  absl::StatusOr<Counts> counts = count();
  const absl::Time end = now();
  const absl::Duration took = end - begun;
  absl::MutexLock lock(&mutex_);
  if (first) counting_ = false;
  if (!counts.ok() || took < kQuick) return counts;
  kept_ = *counts;
  good_until_ = end + std::min(took * kTimesAsLong, kLongest);
  usable_until_ = good_until_ + kLongest;
  return counts;
}

}  // namespace cityinfo::articles
