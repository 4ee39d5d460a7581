#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/concurrency/single_flight.h"
#include "platform/telemetry/metrics.h"
#include "services/metrics/domain/data_versions.h"
#include "services/metrics/domain/metric_cache.h"
#include "services/metrics/domain/metric_reader.h"

namespace cityinfo::metrics {

// A reader with caches in front, whose answers are the bytes the reader behind it would give. Why
// that holds:
//
//   * The versions of the indicators asked for are taken *before* anything is looked up; they are
//     part of the key (cache_key.h). The store advances them before it acknowledges a write. So who
//     asks after a write was acknowledged asks under a key that was never filled before that write:
//     nothing stale can be read, whatever a cache does.
//   * An entry never changes. An answer is kept only when the versions are still the same after the
//     store was read, in the process *and* in the store itself (`refresh`): a write committed in
//     between would make an answer that is newer than its key says. Such an answer is right and is
//     given to who asked, but not kept. So whoever fills a key, on any replica, fills it with the
//     same bytes.
//   * Errors are not kept, and caches cannot fail: at worst the store is asked.
//
// The next page of an answer is asked under versions that have `seen` what the page before showed,
// if need be after a look at the store's. A source that reads from a standby must not answer from
// one that is behind the versions this process knows of; SqlMetricStore does not.
//
// A question with `as_of` needs nothing special: the moment is part of the key. `strong` asks the
// store for its versions first, so that a write acknowledged by another replica is seen; if they
// cannot be read, the reader behind is asked without a cache. With a store of one process only
// (SQLite) the versions in the process are those of the last commit anyway, and strong only costs
// the extra look.
//
// Callers who miss the same key together share one fill; each waits to its own deadline.
// Thread-safe.
class CachingMetricReader final : public MetricReader {
 public:
  // Brings DataVersions up to the store's own: MetricStore::RefreshDataVersions.
  using RefreshVersions = std::function<absl::Status(absl::Time deadline)>;

  struct Options {
    // Names the data and the form of the answers: the store's identity, and whatever else makes
    // equal questions at equal versions give different bytes (encoder, catalogue). Required. Two
    // stores must never share a name in the same Redis; one restored from a backup may keep its
    // own, for its later states have other stamps.
    std::string data_set;
    // Longest that the look at the store's versions may delay an answer after a fill. Well above
    // what it takes on a busy machine: an answer that could not be settled is read again by the
    // next who asks.
    absl::Duration settle_timeout = absl::Milliseconds(100);
  };

  // `memory` is asked first, then `shared` (null: there is none), then `source`. Owns none of them;
  // all must outlive it.
  CachingMetricReader(MetricReader& source, const DataVersions& versions, RefreshVersions refresh,
                      MetricCache& memory, MetricCache* shared, telemetry::Metrics& metrics,
                      Options options);

  absl::StatusOr<EncodedAnswer> QueryObservations(const ObservationQuery& query,
                                                  absl::Time deadline) override;

 private:
  struct Counters {
    explicit Counters(telemetry::Metrics& metrics);
    telemetry::Counter& memory_hits;
    telemetry::Counter& shared_hits;
    telemetry::Counter& misses;
    telemetry::Counter& fills;
    telemetry::Counter& failed_fills;
    telemetry::Counter& overtaken_fills;
    telemetry::Counter& shared_waits;
    telemetry::Counter& bypasses;
  };

  // Looks again, then further, then reads the store and keeps the answer. Run by one caller per
  // key.
  absl::StatusOr<EncodedAnswer> Fill(const std::string& key, const std::vector<DataState>& states,
                                     const ObservationQuery& query, absl::Time deadline);

  // Whether the data is still in these states, so that what was just read is what they name.
  bool StillAt(const std::vector<DataState>& states, const ObservationQuery& query,
               absl::Time deadline) const;

  MetricReader& source_;
  const DataVersions& versions_;
  const RefreshVersions refresh_;
  MetricCache& memory_;
  MetricCache* const shared_;
  const Options options_;
  Counters counters_;
  concurrency::SingleFlight<std::string, EncodedAnswer> flights_;
};

}  // namespace cityinfo::metrics
