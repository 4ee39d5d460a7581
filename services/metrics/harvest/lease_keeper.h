#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// Tries to hold the harvest lease, on a thread of its own, from construction until Stop: asks for
// it again and again while another has it, renews it while it is held. Held is what the store said
// less than a TTL ago; the store refuses the writes of whoever is wrong about it. Thread-safe.
class LeaseKeeper {
 public:
  struct Options {
    absl::Duration ttl = absl::Seconds(6);
    absl::Duration renew_every = absl::Seconds(2);
    // How often who waits asks: the longest that a lease given back lies idle.
    absl::Duration ask_every = absl::Milliseconds(500);
  };
  // What the keeper tells: that the lease was taken, is elsewhere (once per change), or that the
  // store cannot say. Called from its thread, or from that of Lose; must be quick.
  struct Listener {
    std::function<void(const HarvestLease&)> taken;
    std::function<void()> elsewhere;
    std::function<void(const absl::Status&)> unknown;
  };

  // `holder` names this process to operators. The store must outlive it.
  LeaseKeeper(MetricStore& store, std::string holder, const Options& options, Listener listener);
  // Stops.
  ~LeaseKeeper();
  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  // The machine's clock may be set; this one only runs.
  static absl::Duration Uptime();

  // Waits up to `patience` for the lease; nothing when it is not held then.
  std::optional<HarvestLease> Await(absl::Duration patience) ABSL_LOCKS_EXCLUDED(mutex_);
  // The store took a write under the lease that was begun at `begun` (Uptime): it was held then.
  void Renewed(const HarvestLease& lease, absl::Duration begun) ABSL_LOCKS_EXCLUDED(mutex_);
  bool Holds(const HarvestLease& lease) const ABSL_LOCKS_EXCLUDED(mutex_);
  // The store has refused this lease: forget it and ask for a new one.
  void Lose(const HarvestLease& lease) ABSL_LOCKS_EXCLUDED(mutex_);

  // Gives the lease back, so that another may take it at once. To be called when nothing is written
  // under it any more. Again is fine.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run();
  void Ask();
  void Renew(const HarvestLease& lease);
  std::optional<HarvestLease> held() const ABSL_LOCKS_EXCLUDED(mutex_);

  MetricStore& store_;
  const std::string holder_;
  const Options options_;
  const Listener listener_;

  mutable absl::Mutex mutex_;
  std::optional<HarvestLease> held_ ABSL_GUARDED_BY(mutex_);
  absl::Duration held_until_ ABSL_GUARDED_BY(mutex_);  // by Uptime
  bool told_elsewhere_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace cityinfo::metrics
