#include "services/metrics/harvest/lease_keeper.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "platform/base/error.h"

namespace cityinfo::metrics {
namespace {

// Bounds each call, so that Stop is never far.
constexpr absl::Duration kCallLimit = absl::Seconds(2);

}  // namespace

LeaseKeeper::LeaseKeeper(MetricStore& store, std::string holder, const Options& options,
                         Listener listener)
    : store_(store),
      holder_(std::move(holder)),
      options_(options),
      listener_(std::move(listener)),
      thread_([this] { Run(); }) {}

LeaseKeeper::~LeaseKeeper() { Stop(); }

absl::Duration LeaseKeeper::Uptime() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

std::optional<HarvestLease> LeaseKeeper::Await(absl::Duration patience) {
  absl::MutexLock lock(&mutex_);
  const auto held = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return held_.has_value() && Uptime() < held_until_;
  };
  if (!mutex_.AwaitWithTimeout(absl::Condition(&held), patience)) return std::nullopt;
  return held_;
}

void LeaseKeeper::Renewed(const HarvestLease& lease, absl::Duration begun) {
  absl::MutexLock lock(&mutex_);
  if (held_ == lease) held_until_ = std::max(held_until_, begun + lease.ttl);
}

bool LeaseKeeper::Holds(const HarvestLease& lease) const {
  absl::MutexLock lock(&mutex_);
  return held_ == lease && Uptime() < held_until_;
}

void LeaseKeeper::Lose(const HarvestLease& lease) {
  bool tell = false;
  {
    absl::MutexLock lock(&mutex_);
    tell = held_ == lease && !stopped_;
    if (held_ == lease) held_.reset();
    if (tell) told_elsewhere_ = true;
  }
  if (tell) listener_.elsewhere();
}

std::optional<HarvestLease> LeaseKeeper::held() const {
  absl::MutexLock lock(&mutex_);
  return held_;
}

void LeaseKeeper::Run() {
  for (;;) {
    const std::optional<HarvestLease> lease = held();
    if (lease.has_value()) {
      Renew(*lease);
    } else {
      Ask();
    }
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopped_),
                            held_.has_value() ? options_.renew_every : options_.ask_every);
    if (stopped_) return;
  }
}

void LeaseKeeper::Ask() {
  const absl::Duration asked_at = Uptime();
  const absl::StatusOr<std::optional<HarvestLease>> lease =
      store_.AcquireHarvest(holder_, options_.ttl, absl::Now() + kCallLimit);
  bool tell_elsewhere = false;
  {
    absl::MutexLock lock(&mutex_);
    const bool elsewhere = lease.ok() && !lease->has_value();
    tell_elsewhere = elsewhere && !told_elsewhere_;
    told_elsewhere_ = elsewhere;
  }
  if (!lease.ok()) return listener_.unknown(lease.status());
  if (tell_elsewhere) listener_.elsewhere();
  if (!lease->has_value()) return;
  listener_.taken(**lease);
  absl::MutexLock lock(&mutex_);
  held_ = **lease;
  held_until_ = asked_at + options_.ttl;
}

void LeaseKeeper::Renew(const HarvestLease& lease) {
  const absl::Duration asked_at = Uptime();
  const absl::Status renewed = store_.RenewHarvest(lease, absl::Now() + kCallLimit);
  if (base::ErrorReason(renewed) == "HARVEST_FENCED") return Lose(lease);
  bool expired = false;
  {
    absl::MutexLock lock(&mutex_);
    if (held_ != lease) return;
    if (renewed.ok()) held_until_ = std::max(held_until_, asked_at + lease.ttl);
    expired = Uptime() >= held_until_;
    if (expired) held_.reset();
  }
  if (expired) listener_.unknown(renewed);
}

void LeaseKeeper::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  if (thread_.joinable()) thread_.join();
  const std::optional<HarvestLease> lease = held();
  if (!lease.has_value()) return;
  // When this does not get through, the lease runs out by itself.
  store_.ReleaseHarvest(*lease, absl::Now() + kCallLimit).IgnoreError();
  Lose(*lease);
}

}  // namespace cityinfo::metrics
