#include "tests/integration/harvest/troubled_store.h"

namespace cityinfo::metrics::testing {

absl::StatusOr<std::optional<HarvestLease>> TroubledStore::AcquireHarvest(absl::string_view holder,
                                                                          absl::Duration ttl,
                                                                          absl::Time deadline) {
  return store_.AcquireHarvest(holder, ttl, deadline);
}

absl::Status TroubledStore::RenewHarvest(const HarvestLease& lease, absl::Time deadline) {
  return store_.RenewHarvest(lease, deadline);
}

absl::Status TroubledStore::ReleaseHarvest(const HarvestLease& lease, absl::Time deadline) {
  return store_.ReleaseHarvest(lease, deadline);
}

absl::StatusOr<std::vector<AppliedChange>> TroubledStore::ApplyArticleChanges(
    const HarvestLease& lease, std::span<const ArticleChange> changes) {
  if (absl::Status trouble = trouble_(changes.front()); !trouble.ok()) return trouble;
  return store_.ApplyArticleChanges(lease, changes.first(1));
}

absl::StatusOr<std::vector<RecordedValue>> TroubledStore::Record(const LoadedBatch& batch) {
  return store_.Record(batch);
}

absl::StatusOr<ObservationPage> TroubledStore::QueryObservations(const ObservationQuery& query,
                                                                 absl::Time deadline) {
  return store_.QueryObservations(query, deadline);
}

absl::StatusOr<std::vector<Observation>> TroubledStore::ListVintages(const ObservationKey& key,
                                                                     absl::Time deadline) {
  return store_.ListVintages(key, deadline);
}

absl::StatusOr<FigurePage> TroubledStore::ListFigures(const FigureQuery& query,
                                                      absl::Time deadline) {
  return store_.ListFigures(query, deadline);
}

absl::StatusOr<Figure> TroubledStore::GetFigure(absl::string_view id, absl::Time deadline) {
  return store_.GetFigure(id, deadline);
}

absl::StatusOr<Figure> TroubledStore::Review(const FigureReview& review, absl::Time deadline) {
  return store_.Review(review, deadline);
}

absl::StatusOr<std::vector<ObservationChange>> TroubledStore::ReadChanges(std::int64_t after,
                                                                          int limit,
                                                                          absl::Time deadline) {
  return store_.ReadChanges(after, limit, deadline);
}

absl::StatusOr<ConflictPage> TroubledStore::ListConflicts(const ConflictQuery& query,
                                                          absl::Time deadline) {
  return store_.ListConflicts(query, deadline);
}

absl::StatusOr<std::vector<Observation>> TroubledStore::ListSupersededTargets(
    const std::vector<std::string>& indicators, const std::vector<std::string>& places, int limit,
    absl::Time deadline) {
  return store_.ListSupersededTargets(indicators, places, limit, deadline);
}

absl::Status TroubledStore::RefreshDataVersions(absl::Time deadline) {
  return store_.RefreshDataVersions(deadline);
}

absl::Status TroubledStore::Check() { return store_.Check(); }

}  // namespace cityinfo::metrics::testing
