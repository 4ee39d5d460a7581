#include "services/metrics/domain/data_versions.h"

namespace cityinfo::metrics {
namespace {

void Raise(DataState& known, const DataVersion& version) {
  if (version.sequence > known.sequence) known = {version.sequence, version.stamp};
}

}  // namespace

void DataVersions::Advance(std::span<const DataVersion> versions) {
  absl::MutexLock lock(&mutex_);
  for (const DataVersion& version : versions) {
    Raise(by_indicator_[version.indicator], version);
    Raise(latest_, version);
  }
}

std::vector<std::int64_t> DataVersions::Snapshot(std::span<const std::string> indicators) const {
  std::vector<std::int64_t> versions;
  for (const DataState& state : States(indicators)) versions.push_back(state.sequence);
  return versions;
}

std::vector<DataState> DataVersions::States(std::span<const std::string> indicators) const {
  absl::ReaderMutexLock lock(&mutex_);
  if (indicators.empty()) return {latest_};
  std::vector<DataState> states;
  states.reserve(indicators.size());
  for (const std::string& indicator : indicators) {
    const auto found = by_indicator_.find(indicator);
    states.push_back(found == by_indicator_.end() ? DataState() : found->second);
  }
  return states;
}

std::int64_t DataVersions::Latest() const {
  absl::ReaderMutexLock lock(&mutex_);
  return latest_.sequence;
}

bool DataVersions::AwaitBeyond(std::int64_t sequence, absl::Time deadline) const {
  absl::MutexLock lock(&mutex_);
  const auto beyond = [this, sequence]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return latest_.sequence > sequence;
  };
  return mutex_.AwaitWithDeadline(absl::Condition(&beyond), deadline);
}

}  // namespace cityinfo::metrics
