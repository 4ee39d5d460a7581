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
#include "platform/sqlite/database.h"
#include "services/metrics/domain/data_versions.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/domain/record_clock.h"

namespace cityinfo::metrics {

// MetricStore in one SQLite file: the embedded default. One writer, several readers that never wait
// for it. A write waits at most kWriteWait for its turn.
class SqliteMetricStore final : public MetricStore {
 public:
  static constexpr absl::Duration kWriteWait = absl::Seconds(10);

  struct Options {
    std::string path;
    int readers = 4;
  };

  // Locks, opens and migrates the file, and fills `versions` from it. The clock and `versions` must
  // outlive the store. Errors are written for operators and name the file.
  static absl::StatusOr<std::unique_ptr<SqliteMetricStore>> Open(const Options& options,
                                                                 const base::Clock& clock,
                                                                 DataVersions& versions);

  absl::StatusOr<std::int64_t> HarvestPosition() override;
  absl::StatusOr<AppliedChange> ApplyArticleChange(const ArticleChange& change) override;
  // As many as succeed, in one transaction; each change has its own record time.
  absl::StatusOr<std::vector<AppliedChange>> ApplyArticleChanges(
      std::span<const ArticleChange> changes) override;
  absl::StatusOr<std::vector<Observation>> Record(const LoadedBatch& batch) override;
  absl::StatusOr<ObservationPage> QueryObservations(const ObservationQuery& query,
                                                    absl::Time deadline) override;
  absl::StatusOr<std::vector<Observation>> ListVintages(const ObservationKey& key,
                                                        absl::Time deadline) override;
  absl::StatusOr<FigurePage> ListFigures(const FigureQuery& query, absl::Time deadline) override;
  absl::StatusOr<std::vector<ObservationChange>> ReadChanges(std::int64_t after, int limit,
                                                             absl::Time deadline) override;
  absl::StatusOr<std::vector<Conflict>> ListConflicts(const std::vector<std::string>& indicators,
                                                      const std::vector<std::string>& places,
                                                      const std::optional<ObservationKey>& after,
                                                      int limit, absl::Time deadline) override;
  absl::Status RefreshDataVersions(absl::Time deadline) override;
  absl::Status Check() override;

  // Names this file's data: made once, with the file. Part of cache keys.
  const std::string& identity() const { return identity_; }

  // Moves the write-ahead log into the file; a step of an orderly shutdown.
  absl::Status Checkpoint() { return database_->Checkpoint(); }

 private:
  SqliteMetricStore(std::unique_ptr<sqlite::Database> database, std::string identity,
                    const base::Clock& clock, absl::Time last_recorded, DataVersions& versions);

  // Applies all of them in one transaction or none. `failed` says which one was the trouble.
  absl::StatusOr<std::vector<AppliedChange>> ApplyTogether(std::span<const ArticleChange> changes,
                                                           size_t& failed);

  // The first answer to a request_id; nothing when it is new.
  absl::StatusOr<std::optional<std::vector<Observation>>> FindAnswer(sqlite::Connection& connection,
                                                                     const LoadedBatch& batch);

  const std::unique_ptr<sqlite::Database> database_;
  const std::string identity_;
  RecordClock record_clock_;
  DataVersions& versions_;
};

}  // namespace cityinfo::metrics
