#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace cityinfo::metrics {

// The version of an indicator's data: the change-feed sequence of the last change that touched it,
// and the stamp of its commit.
struct DataVersion {
  std::string indicator;
  std::int64_t sequence = 0;
  // Drawn by lot at the commit. A store that was restored from a backup reaches a sequence a second
  // time with other data, but never with the same stamp.
  std::int64_t stamp = 0;
};

// Which state of the data: the same on every replica, and never that of another history.
struct DataState {
  std::int64_t sequence = 0;
  std::int64_t stamp = 0;

  friend bool operator==(const DataState&, const DataState&) = default;
};

// The data versions this process knows of. The store writes here after a commit and before it
// acknowledges the write, so whoever saw a write acknowledged sees its versions too. A reader takes
// a snapshot *before* it asks the store: an answer is then never older than the versions in its
// key. Thread-safe.
class DataVersions {
 public:
  // Takes over the versions of one commit in one step. Versions never go back: a smaller sequence
  // than the one known is ignored.
  void Advance(std::span<const DataVersion> versions) ABSL_LOCKS_EXCLUDED(mutex_);

  // The versions of these indicators in their order, 0 where nothing was ever recorded. No
  // indicators means all of them: one number, the newest of all.
  std::vector<std::int64_t> Snapshot(std::span<const std::string> indicators) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // The same with the stamps: what to name data by that outlives this process.
  std::vector<DataState> States(std::span<const std::string> indicators) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The newest sequence of all indicators; 0 at first.
  std::int64_t Latest() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Waits until Latest() > sequence; false when `deadline` came first.
  bool AwaitBeyond(std::int64_t sequence, absl::Time deadline) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, DataState> by_indicator_ ABSL_GUARDED_BY(mutex_);
  DataState latest_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cityinfo::metrics
