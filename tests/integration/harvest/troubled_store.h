#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics::testing {

// A store whose ApplyArticleChanges can fail before it reaches the real one.
class TroubledStore final : public MetricStore {
 public:
  // `trouble` says how applying a change goes wrong, OK when it does not. Set once; called from the
  // harvester's thread.
  TroubledStore(MetricStore& store, std::function<absl::Status(const ArticleChange&)> trouble)
      : store_(store), trouble_(std::move(trouble)) {}

  absl::StatusOr<std::int64_t> HarvestPosition() override { return store_.HarvestPosition(); }
  absl::StatusOr<std::optional<HarvestLease>> AcquireHarvest(absl::string_view holder,
                                                             absl::Duration ttl,
                                                             absl::Time deadline) override;
  absl::Status RenewHarvest(const HarvestLease& lease, absl::Time deadline) override;
  absl::Status ReleaseHarvest(const HarvestLease& lease, absl::Time deadline) override;
  // One change at a time.
  absl::StatusOr<std::vector<AppliedChange>> ApplyArticleChanges(
      const HarvestLease& lease, std::span<const ArticleChange> changes) override;
  absl::StatusOr<std::vector<RecordedValue>> Record(const LoadedBatch& batch) override;
  absl::StatusOr<ObservationPage> QueryObservations(const ObservationQuery& query,
                                                    absl::Time deadline) override;
  absl::StatusOr<std::vector<Observation>> ListVintages(const ObservationKey& key,
                                                        absl::Time deadline) override;
  absl::StatusOr<FigurePage> ListFigures(const FigureQuery& query, absl::Time deadline) override;
  absl::StatusOr<Figure> GetFigure(absl::string_view id, absl::Time deadline) override;
  absl::StatusOr<EventPage> ListEvents(const EventQuery& query, absl::Time deadline) override {
    return store_.ListEvents(query, deadline);
  }
  absl::StatusOr<Figure> Review(const FigureReview& review, absl::Time deadline) override;
  absl::StatusOr<std::vector<ObservationChange>> ReadChanges(std::int64_t after, int limit,
                                                             absl::Time deadline) override;
  absl::StatusOr<ConflictPage> ListConflicts(const ConflictQuery& query,
                                             absl::Time deadline) override;
  absl::StatusOr<std::vector<Observation>> ListSupersededTargets(
      const std::vector<std::string>& indicators, const std::vector<std::string>& places, int limit,
      absl::Time deadline) override;
  absl::Status RefreshDataVersions(absl::Time deadline) override;
  absl::Status Check() override;

 private:
  MetricStore& store_;
  const std::function<absl::Status(const ArticleChange&)> trouble_;
};

}  // namespace cityinfo::metrics::testing
