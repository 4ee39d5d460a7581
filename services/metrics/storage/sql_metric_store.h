#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"
#include "platform/database/open.h"
#include "platform/sql/run_transaction.h"
#include "services/metrics/domain/data_versions.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/storage/harvest_lease_table.h"
#include "services/metrics/storage/record_timeline.h"
#include "services/metrics/storage/rising_number.h"

namespace cityinfo::metrics {

// MetricStore in SQL: one SQLite file, which this process has to itself, or a PostgreSQL database,
// which any number of processes may have open together.
//
// Other processes' writes become known here within the feed's lag (they notify; a poll is the net):
// `versions` then advances. Reads that may trail go to the standby, when one is configured, if it
// has replayed everything this process knows of and the asker has seen; otherwise, and for `strong`
// questions always, to the primary. A write waits at most kWriteWait for its turn.
class SqlMetricStore final : public MetricStore {
 public:
  static constexpr absl::Duration kWriteWait = absl::Seconds(10);

  absl::StatusOr<std::int64_t> HarvestPosition() override;
  absl::StatusOr<std::optional<HarvestLease>> AcquireHarvest(absl::string_view holder,
                                                             absl::Duration ttl,
                                                             absl::Time deadline) override;
  absl::Status RenewHarvest(const HarvestLease& lease, absl::Time deadline) override;
  absl::Status ReleaseHarvest(const HarvestLease& lease, absl::Time deadline) override;
  // As many as succeed, in one transaction; each change has its own record time.
  absl::StatusOr<std::vector<AppliedChange>> ApplyArticleChanges(
      const HarvestLease& lease, std::span<const ArticleChange> changes) override;
  absl::StatusOr<std::vector<RecordedValue>> Record(const LoadedBatch& batch) override;
  absl::StatusOr<ObservationPage> QueryObservations(const ObservationQuery& query,
                                                    absl::Time deadline) override;
  absl::StatusOr<std::vector<Observation>> ListVintages(const ObservationKey& key,
                                                        absl::Time deadline) override;
  absl::StatusOr<FigurePage> ListFigures(const FigureQuery& query, absl::Time deadline) override;
  absl::StatusOr<Figure> GetFigure(absl::string_view id, absl::Time deadline) override;
  absl::StatusOr<Figure> Review(const FigureReview& review, absl::Time deadline) override;
  absl::StatusOr<EventPage> ListEvents(const EventQuery& query, absl::Time deadline) override;
  absl::StatusOr<std::vector<ObservationChange>> ReadChanges(std::int64_t after, int limit,
                                                             absl::Time deadline) override;
  absl::StatusOr<ConflictPage> ListConflicts(const ConflictQuery& query,
                                             absl::Time deadline) override;
  absl::StatusOr<std::vector<Observation>> ListSupersededTargets(
      const std::vector<std::string>& indicators, const std::vector<std::string>& places, int limit,
      absl::Time deadline) override;
  absl::Status RefreshDataVersions(absl::Time deadline) override;
  absl::Status Check() override;

  // Names this data: made once, with the database. Part of cache keys.
  const std::string& identity() const { return identity_; }

  // For metrics of its connections.
  const sql::Database& database() const { return *database_; }

  // A step of an orderly shutdown: SQLite's write-ahead log moves into its file.
  absl::Status Checkpoint() { return database_->Checkpoint(); }

 private:
  friend absl::StatusOr<std::unique_ptr<SqlMetricStore>> OpenMetricStore(
      const database::Options& options, const base::Clock& clock, DataVersions& versions);

  SqlMetricStore(std::unique_ptr<sql::Database> database, const base::Clock& clock,
                 DataVersions& versions);
  // Reads what was recorded so far, frees what a dead process held, begins to watch.
  absl::Status Start(const base::Clock& clock);

  // What a snapshot must have seen to answer from.
  struct Sight {
    std::int64_t change = 0;                        // of the change feed
    absl::Time recorded = absl::InfinitePast();     // a record time
    absl::Time final_until = absl::InfinitePast();  // everything recorded up to here
  };
  static absl::Status CheckSight(sql::Connection& standby, const Sight& sight);
  // `read(Connection&)` in one snapshot: of the standby, when it has seen all that, or else of the
  // primary.
  template <typename Read>
  auto ReadTrailing(const Sight& sight, absl::Time deadline, Read read)
      -> decltype(read(std::declval<sql::Connection&>()));
  // The same, of the primary.
  template <typename Read>
  auto ReadNewest(absl::Time deadline, Read read)
      -> decltype(read(std::declval<sql::Connection&>()));

  // Applies all of them in one transaction or none. `failed` says which one was the trouble.
  absl::StatusOr<std::vector<AppliedChange>> ApplyTogether(const HarvestLease& lease,
                                                           std::span<const ArticleChange> changes,
                                                           size_t& failed);
  // What Record would do.
  absl::StatusOr<std::vector<RecordedValue>> Rehearse(const LoadedBatch& batch);
  // Makes a commit known in this process, before it is acknowledged.
  void Publish(std::span<const DataVersion> versions, absl::Time recorded);

  const std::unique_ptr<sql::Database> database_;
  HarvestLeaseTable lease_;
  DataVersions& versions_;
  std::string identity_;
  std::unique_ptr<RecordTimeline> timeline_;
  // Up to which change RefreshDataVersions has read, and the newest record time known here.
  RisingNumber refreshed_;
  RisingNumber recorded_;
  std::unique_ptr<sql::Watch> watch_;  // last: it ends before what it looks at
};

// Opens the store that `options` name, creates or migrates its tables, and fills `versions` from
// it. The clock and `versions` must outlive the store. Errors are written for operators: one line
// that names what is wrong.
absl::StatusOr<std::unique_ptr<SqlMetricStore>> OpenMetricStore(const database::Options& options,
                                                                const base::Clock& clock,
                                                                DataVersions& versions);

}  // namespace cityinfo::metrics
