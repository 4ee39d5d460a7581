#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "cityinfo/articles/v1/article_service.grpc.pb.h"
#include "platform/base/clock.h"
#include "platform/base/retry.h"
#include "platform/health/health.h"
#include "platform/telemetry/metrics.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/harvest/change_reader.h"
#include "services/metrics/harvest/change_stream.h"
#include "services/metrics/harvest/harvest_report.h"
#include "services/metrics/harvest/lease_keeper.h"

namespace cityinfo::metrics {

// Follows the articles' change feed and brings what it says about figures into the store.
//
// Exactly once, across crashes of either side: the store writes figures and feed position in one
// transaction, every connection starts behind the position the store has, and a change that comes
// again is known by its position. Changes that wait together are stored together.
//
// One bad article never stops the feed: when its figures cannot be read, or the store rejects them,
// it is logged, counted, and noted as stating nothing, for what its newest revision says is not
// known. When the store is the problem (busy, full disk) the same changes are tried again with
// growing pauses, for as long as it takes; the feed waits.
//
// When the feed turns out to end before what was harvested (articles was restored from an older
// backup than this store), the harvest stands still until the process is started again: an operator
// must restore this store too.
//
// When changes that were not harvested have left the feed (the harvest stood still for longer than
// the feed keeps them), the feed is read again from its beginning: it still has the newest change
// of every article, and of a purged one the entry that says so. What had been harvested stays as it
// is.
//
// Of the processes over one store only the one that holds the harvest lease follows the feed; the
// others wait for it. The store refuses the writes of a term that is over, so a holder that was
// stopped or cut off and comes back writes nothing over its successor's work: it loses the lease
// and waits like the others. See docs/adr/0010.
//
// Runs on its own threads from construction until Stop.
class Harvester {
 public:
  struct Options {
    // Changes stored together at most.
    std::size_t batch = 64;
    ChangeStream::Limits read_ahead;

    // Pauses between attempts to follow the feed, and to write to the store.
    base::Backoff::Options reconnect = {.initial = absl::Milliseconds(50), .max = absl::Seconds(1)};
    base::Backoff::Options store_retry = {.initial = absl::Milliseconds(20),
                                          .max = absl::Seconds(2)};
    // Attempts to store a change that fails for a reason that says neither "try again" nor "never".
    int attempts = 5;

    LeaseKeeper::Options lease;
    // Names this process to operators in the lease; empty: host name and process id.
    std::string holder;

    // A feed that says nothing for this long, not even a heartbeat, is taken for lost.
    absl::Duration silence = absl::Seconds(15);
    // Lag up to which the harvest is well.
    absl::Duration tolerated_lag = absl::Seconds(10);
  };

  // All must outlive it.
  Harvester(std::shared_ptr<grpc::Channel> articles, MetricStore& store, ChangeReader reader,
            health::Health& health, telemetry::Metrics& metrics, const Options& options,
            const base::Clock& clock = base::SystemClock());
  // Stops.
  ~Harvester();
  Harvester(const Harvester&) = delete;
  Harvester& operator=(const Harvester&) = delete;

  // Returns when the transaction under way has ended, nothing more will be written and the lease is
  // given back, so that another process goes on at once. Any thread; again is fine.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  HarvestProgress progress() const { return report_.progress(); }

 private:
  // Changes of the feed, read, with what is needed to report on them.
  struct Reading {
    std::vector<ArticleChange> changes;
    std::vector<absl::Time> commit_times;  // parallel to `changes`
  };

  void Run();
  // Harvests until the lease is lost or the harvester is stopping.
  void RunAsHolder(const HarvestLease& lease);
  // Follows one stream, begun behind `from`, until it breaks, and says why it did; OK when the
  // lease was lost or the harvester is stopping. What comes up to `harvested` is passed over.
  absl::Status Follow(const HarvestLease& lease, std::int64_t from, std::int64_t harvested,
                      base::Backoff& reconnect);
  absl::Status FollowStream(ChangeStream& stream, const HarvestLease& lease, std::int64_t position,
                            base::Backoff& reconnect);
  absl::StatusOr<Reading> ReadEntries(const std::vector<articles::v1::ArticleChange>& entries,
                                      std::int64_t* position);
  ArticleChange ReadEntry(const articles::v1::ArticleChange& entry, std::int64_t position);
  // Returns when all are stored (or skipped), the lease is lost, or the harvester is stopping.
  void Apply(const HarvestLease& lease, Reading& reading);
  // Decides what becomes of a change the store did not take. True when it is done with.
  bool GiveUp(ArticleChange& change, const absl::Status& why, int attempts);

  void SetCurrent(ChangeStream* stream) ABSL_LOCKS_EXCLUDED(mutex_);
  bool stopping() const { return stop_.HasBeenNotified(); }
  // Whether to go on writing under the lease.
  bool GoesOn(const HarvestLease& lease) const { return !stopping() && lease_.Holds(lease); }
  // Waits, but not past Stop.
  void Pause(absl::Duration duration) { stop_.WaitForNotificationWithTimeout(duration); }

  const std::unique_ptr<articles::v1::ArticleService::Stub> stub_;
  MetricStore& store_;
  const ChangeReader reader_;
  const Options options_;
  const base::Clock& clock_;
  HarvestReport report_;
  LeaseKeeper lease_;

  absl::Notification stop_;
  absl::Mutex mutex_;
  ChangeStream* current_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Mutex join_mutex_;  // one joins, the others wait for it
  std::jthread thread_ ABSL_GUARDED_BY(join_mutex_);
};

}  // namespace cityinfo::metrics
