#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace cityinfo::gateway {

// How many requests a client may make: a token bucket for each (RFC 6585's 429 beyond it). Memory
// is bounded: of more clients than are kept the one that has not come for longest is forgotten,
// whose bucket is the likeliest to be full again. Thread-safe.
class RateLimiter {
 public:
  struct Options {
    // Requests a second, in the long run; 0 sets no limit.
    double per_second = 0;
    // Requests at once after a rest.
    int burst = 1;
    std::size_t max_clients = 100'000;
  };

  struct Decision {
    bool admitted = true;
    // For RateLimit-Limit, -Remaining and -Reset: the burst, what is left of it now, and when it
    // will be whole again.
    std::int64_t limit = 0;
    std::int64_t remaining = 0;
    absl::Duration reset;
    // When the next request is admitted; zero when this one was.
    absl::Duration retry_after;
  };

  explicit RateLimiter(const Options& options);

  bool limits() const { return options_.per_second > 0; }

  // Takes one token of the client's bucket, if there is one. `now` may not go back by much: a clock
  // that does gives no tokens.
  Decision Take(absl::string_view client, absl::Time now);

  std::size_t clients() const;

 private:
  struct Bucket {
    std::string client;
    double tokens = 0;
    absl::Time filled;
  };

  // Each with a lock of its own, so that clients rarely wait for each other.
  struct Shard {
    mutable absl::Mutex mutex;
    std::list<Bucket> by_use ABSL_GUARDED_BY(mutex);  // the newest first
    absl::flat_hash_map<absl::string_view, std::list<Bucket>::iterator> buckets
        ABSL_GUARDED_BY(mutex);
  };
  static constexpr std::size_t kShards = 16;

  const Options options_;
  std::array<Shard, kShards> shards_;
};

}  // namespace cityinfo::gateway
