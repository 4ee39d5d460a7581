#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace cityinfo::concurrency {

// A cache of immutable values by string key, bounded in bytes, that forgets the least recently
// used. It is split into shards, each with its own lock and its own share of the bytes, so that
// threads rarely meet. A value someone still holds lives on after it was forgotten. Thread-safe.
template <typename T>
class LruCache {
 public:
  struct Options {
    size_t max_bytes = 32 << 20;
    int shards = 8;
  };

  struct Stats {
    int64_t hits = 0;
    int64_t misses = 0;
    int64_t evictions = 0;
    size_t entries = 0;
    size_t bytes = 0;
  };

  explicit LruCache(const Options& options) : shard_bytes_(options.max_bytes / options.shards) {
    for (int i = 0; i < options.shards; ++i) shards_.push_back(std::make_unique<Shard>());
  }

  // Null when there is none.
  std::shared_ptr<const T> Get(absl::string_view key) {
    Shard& shard = ShardOf(key);
    absl::MutexLock lock(&shard.mutex);
    auto it = shard.index.find(key);
    if (it == shard.index.end()) {
      ++shard.stats.misses;
      return nullptr;
    }
    ++shard.stats.hits;
    shard.order.splice(shard.order.begin(), shard.order, it->second);
    return it->second->value;
  }

  // Replaces what was there. `bytes` is what the value occupies; key and bookkeeping are added
  // here. What is larger than a shard's share is not kept at all.
  void Put(absl::string_view key, std::shared_ptr<const T> value, size_t bytes) {
    const size_t cost = bytes + 2 * key.size() + kEntryOverhead;
    Shard& shard = ShardOf(key);
    absl::MutexLock lock(&shard.mutex);
    auto it = shard.index.find(key);
    if (it != shard.index.end()) Remove(shard, it->second);
    if (cost > shard_bytes_) return;
    while (shard.stats.bytes + cost > shard_bytes_) {
      Remove(shard, std::prev(shard.order.end()));
      ++shard.stats.evictions;
    }
    shard.order.push_front({std::string(key), std::move(value), cost});
    shard.index.emplace(shard.order.front().key, shard.order.begin());
    shard.stats.bytes += cost;
  }

  void Erase(absl::string_view key) {
    Shard& shard = ShardOf(key);
    absl::MutexLock lock(&shard.mutex);
    auto it = shard.index.find(key);
    if (it != shard.index.end()) Remove(shard, it->second);
  }

  void Clear() {
    for (auto& shard : shards_) {
      absl::MutexLock lock(&shard->mutex);
      shard->index.clear();
      shard->order.clear();
      shard->stats.bytes = 0;
    }
  }

  Stats GetStats() const {
    Stats sum;
    for (const auto& shard : shards_) {
      absl::MutexLock lock(&shard->mutex);
      sum.hits += shard->stats.hits;
      sum.misses += shard->stats.misses;
      sum.evictions += shard->stats.evictions;
      sum.bytes += shard->stats.bytes;
      sum.entries += shard->order.size();
    }
    return sum;
  }

 private:
  static constexpr size_t kEntryOverhead = 128;

  struct Entry {
    std::string key;
    std::shared_ptr<const T> value;
    size_t cost;
  };
  using Order = std::list<Entry>;  // most recent first

  struct Shard {
    absl::Mutex mutex;
    Order order ABSL_GUARDED_BY(mutex);
    absl::flat_hash_map<std::string, typename Order::iterator> index ABSL_GUARDED_BY(mutex);
    Stats stats ABSL_GUARDED_BY(mutex);  // bytes are kept here; entries are order.size()
  };

  static void Remove(Shard& shard, typename Order::iterator entry)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex) {
    shard.stats.bytes -= entry->cost;
    shard.index.erase(entry->key);
    shard.order.erase(entry);
  }

  Shard& ShardOf(absl::string_view key) {
    return *shards_[absl::Hash<absl::string_view>{}(key) % shards_.size()];
  }

  const size_t shard_bytes_;
  std::vector<std::unique_ptr<Shard>> shards_;  // filled by the constructor, never changed
};

}  // namespace cityinfo::concurrency
