#include "services/metrics/domain/data_versions.h"

#include <algorithm>

namespace cityinfo::metrics {

void DataVersions::Advance(std::span<const DataVersion> versions) {
  absl::MutexLock lock(&mutex_);
  for (const DataVersion& version : versions) {
    std::int64_t& known = by_indicator_[version.indicator];
    known = std::max(known, version.sequence);
    latest_ = std::max(latest_, version.sequence);
  }
}

std::vector<std::int64_t> DataVersions::Snapshot(std::span<const std::string> indicators) const {
  absl::ReaderMutexLock lock(&mutex_);
  if (indicators.empty()) return {latest_};
  std::vector<std::int64_t> versions;
  versions.reserve(indicators.size());
  for (const std::string& indicator : indicators) {
    const auto found = by_indicator_.find(indicator);
    versions.push_back(found == by_indicator_.end() ? 0 : found->second);
  }
  return versions;
}

std::int64_t DataVersions::Latest() const {
  absl::ReaderMutexLock lock(&mutex_);
  return latest_;
}

bool DataVersions::AwaitBeyond(std::int64_t sequence, absl::Time deadline) const {
  absl::MutexLock lock(&mutex_);
  const auto beyond = [this, sequence]()
                          ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return latest_ > sequence; };
  return mutex_.AwaitWithDeadline(absl::Condition(&beyond), deadline);
}

}  // namespace cityinfo::metrics
