#include "services/gateway/edge/rate_limiter.h"

#include <algorithm>
#include <cmath>

#include "absl/hash/hash.h"

namespace cityinfo::gateway {

RateLimiter::RateLimiter(const Options& options) : options_(options) {}

RateLimiter::Decision RateLimiter::Take(absl::string_view client, absl::Time now) {
  if (!limits()) return {};
  const double burst = options_.burst;
  Shard& shard = shards_[absl::HashOf(client) % kShards];
  absl::MutexLock lock(&shard.mutex);
  auto found = shard.buckets.find(client);
  if (found == shard.buckets.end()) {
    const std::size_t most = std::max<std::size_t>(1, options_.max_clients / kShards);
    if (shard.by_use.size() >= most) {
      shard.buckets.erase(shard.by_use.back().client);
      shard.by_use.pop_back();
    }
    shard.by_use.push_front({.client = std::string(client), .tokens = burst, .filled = now});
    found = shard.buckets.emplace(shard.by_use.front().client, shard.by_use.begin()).first;
  } else {
    shard.by_use.splice(shard.by_use.begin(), shard.by_use, found->second);
  }
  Bucket& bucket = *found->second;
  const double rested = std::max(0.0, absl::ToDoubleSeconds(now - bucket.filled));
  bucket.tokens = std::min(burst, bucket.tokens + rested * options_.per_second);
  bucket.filled = std::max(bucket.filled, now);
  Decision decision{.admitted = bucket.tokens >= 1, .limit = options_.burst};
  if (decision.admitted) {
    bucket.tokens -= 1;
  } else {
    decision.retry_after = absl::Seconds((1 - bucket.tokens) / options_.per_second);
  }
  decision.remaining = static_cast<std::int64_t>(std::floor(bucket.tokens));
  decision.reset = absl::Seconds((burst - bucket.tokens) / options_.per_second);
  return decision;
}

std::size_t RateLimiter::clients() const {
  std::size_t count = 0;
  for (const Shard& shard : shards_) {
    absl::MutexLock lock(&shard.mutex);
    count += shard.by_use.size();
  }
  return count;
}

}  // namespace cityinfo::gateway
