#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/base/error.h"

namespace cityinfo::concurrency {

// Callers who ask for the same key at the same time share one execution: the first runs it on its
// own thread, the others wait for the result. Nothing is remembered afterwards (that is a cache's
// job). Value is copied to every caller; use a shared_ptr for anything large. Thread-safe.
template <typename Key, typename Value>
class SingleFlight {
 public:
  // Waits for the shared result until `deadline` (real time), then gives DEADLINE_EXCEEDED. If the
  // one who ran it was cancelled or ran out of *its* time, the others do not suffer for it: one of
  // them runs it again.
  template <typename Function>
  absl::StatusOr<Value> Do(const Key& key, absl::Time deadline, Function&& function) {
    for (;;) {
      auto [flight, leads] = Join(key);
      if (leads) {
        absl::StatusOr<Value> result = function();
        Finish(key, flight, result);
        return result;
      }
      absl::StatusOr<Value> result = Await(*flight, deadline);
      const bool leader_gave_up =
          absl::IsDeadlineExceeded(result.status()) || absl::IsCancelled(result.status());
      if (!leader_gave_up || absl::Now() >= deadline) return result;
    }
  }

  // How many calls were answered by another's execution.
  int64_t shared() const {
    absl::MutexLock lock(&mutex_);
    return shared_;
  }

 private:
  struct Flight {
    absl::Mutex mutex;
    std::optional<absl::StatusOr<Value>> result ABSL_GUARDED_BY(mutex);
  };

  std::pair<std::shared_ptr<Flight>, bool> Join(const Key& key) {
    absl::MutexLock lock(&mutex_);
    auto [it, leads] = flights_.try_emplace(key);
    if (leads) {
      it->second = std::make_shared<Flight>();
    } else {
      ++shared_;
    }
    return {it->second, leads};
  }

  void Finish(const Key& key, const std::shared_ptr<Flight>& flight,
              const absl::StatusOr<Value>& result) {
    {
      absl::MutexLock lock(&mutex_);
      flights_.erase(key);
    }
    absl::MutexLock lock(&flight->mutex);
    flight->result = result;
  }

  static absl::StatusOr<Value> Await(Flight& flight, absl::Time deadline) {
    absl::MutexLock lock(&flight.mutex);
    const auto landed = [&flight]() ABSL_SHARED_LOCKS_REQUIRED(flight.mutex) {
      return flight.result.has_value();
    };
    if (!flight.mutex.AwaitWithDeadline(absl::Condition(&landed), deadline)) {
      return base::DeadlineExceeded("the deadline passed while another request was being answered");
    }
    return *flight.result;
  }

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<Key, std::shared_ptr<Flight>> flights_ ABSL_GUARDED_BY(mutex_);
  int64_t shared_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace cityinfo::concurrency
