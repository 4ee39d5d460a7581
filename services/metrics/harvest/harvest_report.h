#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/health/health.h"
#include "platform/telemetry/metrics.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// Where the harvest stands.
struct HarvestProgress {
  std::int64_t term = 0;           // of the lease while this process holds it, else 0
  bool connected = false;          // the feed has spoken since the last break
  std::int64_t position = 0;       // of the last change applied, in the articles' feed
  std::int64_t feed_position = 0;  // the farthest the feed has spoken of
  absl::Duration lag;              // age of what is applied next; zero when nothing waits
  std::int64_t changes = 0;        // applied by this process, replays not counted
  std::int64_t skipped = 0;        // articles whose figures could not be read or stored
  std::int64_t breaks = 0;         // times the feed was lost
  std::string last_skipped;        // "articles/…: why"; empty when none was
};

// What the harvest tells the outside: the metrics page, the health component "harvest" and a
// snapshot. OK while connected with a small lag, or while another process harvests; degraded
// otherwise, never down and not required: readers are served what is known. Thread-safe.
class HarvestReport {
 public:
  HarvestReport(health::Health& health, telemetry::Metrics& metrics, absl::Duration tolerated_lag);

  // This process harvests from now on, another one does, or the store cannot say who.
  void HoldsLease(const HarvestLease& lease);
  void HarvestedElsewhere();
  void LeaseUnknown(const absl::Status& why);

  void Starts(std::int64_t position);
  void Hears(std::int64_t feed_position);
  void Applied(const ArticleChange& change, const AppliedChange& applied, absl::Duration delay);
  // Everything received is applied.
  void CaughtUp();
  // What is applied next is this old.
  void Lags(absl::Duration lag);
  // Counts a change once, however often it is reported.
  void Skipped(const ArticleChange& change, const absl::Status& why);
  void DroppedFigures(int count);
  void StoreRefused(const absl::Status& why);
  void FeedBroke(const absl::Status& why);
  // The feed no longer has all that was not harvested yet; it is read from its beginning.
  void FeedReadAnew(const absl::Status& why);
  // The feed ends before what was harvested; nothing is tried any more.
  void FeedWentBack(const absl::Status& why);

  HarvestProgress progress() const;

 private:
  void CountPublished(const ArticleChange& change, absl::Duration delay);
  // Nothing is heard of the feed any more, and why.
  void LoseFeed(std::string trouble) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void UpdateHealth() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  health::Health& health_;
  const absl::Duration tolerated_lag_;
  telemetry::Gauge& lease_gauge_;
  telemetry::Gauge& term_gauge_;
  telemetry::Gauge& position_gauge_;
  telemetry::Gauge& feed_position_gauge_;
  telemetry::Gauge& lag_gauge_;
  telemetry::Counter& changes_;
  telemetry::Counter& stated_;
  telemetry::Counter& retracted_;
  telemetry::Counter& uncitable_;
  telemetry::Counter& skipped_;
  telemetry::Counter& refusals_;
  telemetry::Counter& breaks_;
  telemetry::Counter& figures_read_;
  telemetry::Counter& events_read_;
  telemetry::Histogram& freshness_;
  std::map<std::string, telemetry::Counter*> doubts_;  // by name; not changed once made

  mutable absl::Mutex mutex_;
  HarvestProgress progress_ ABSL_GUARDED_BY(mutex_);
  enum class Lease { kUnknown, kHeld, kElsewhere };
  // Forgets what only a holder knows.
  void GiveUpHarvest(Lease lease) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Lease lease_ ABSL_GUARDED_BY(mutex_) = Lease::kUnknown;
  std::int64_t last_skipped_position_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string trouble_
      ABSL_GUARDED_BY(mutex_);  // with the feed or the store; empty when there is none
};

}  // namespace cityinfo::metrics
