#pragma once

#include <functional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/articles/domain/article_store.h"

namespace cityinfo::articles {

// Counting labels walks those of every published article: a tenth of a second at 100,000. So a
// count that took long is given again for ten times as long as it took, and while it is counted
// anew: counting never takes more than about a tenth of a processor. A count that was quick is not
// kept, and says what is at the moment. Thread-safe.
class LabelCountCache {
 public:
  using Counts = std::vector<LabelCount>;
  // Counts, most frequent first.
  using Count = std::function<absl::StatusOr<Counts>()>;

  static constexpr absl::Duration kQuick = absl::Milliseconds(10);
  static constexpr int kTimesAsLong = 10;
  static constexpr absl::Duration kLongest = absl::Seconds(10);

  // What `count` gives, now or a short while ago. Only success is kept. `now` is a clock that never
  // goes back.
  absl::StatusOr<Counts> Get(const Count& count, const std::function<absl::Time()>& now)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Mutex mutex_;
  Counts kept_ ABSL_GUARDED_BY(mutex_);
  absl::Time good_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // While somebody counts anew the others go on with the old counts, for a bounded time.
  absl::Time usable_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool counting_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace cityinfo::articles
