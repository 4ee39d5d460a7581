#include "services/metrics/storage/sql_metric_store.h"

#include <algorithm>
#include <utility>

#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/change_feed.h"
#include "services/metrics/storage/conflict_reader.h"
#include "services/metrics/storage/event_table.h"
#include "services/metrics/storage/figure_reader.h"
#include "services/metrics/storage/ledger_write.h"
#include "services/metrics/storage/loaded_batch_write.h"
#include "services/metrics/storage/observation_reader.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/review_write.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/store_progress.h"
#include "services/metrics/storage/superseded_target_reader.h"
#include "services/metrics/storage/vintage_table.h"

namespace cityinfo::metrics {
namespace {

constexpr absl::Duration kCheckWait = absl::Seconds(1);
constexpr absl::Duration kRefreshWait = absl::Seconds(5);
constexpr char kChannel[] = "cityinfo_metrics_changes";

}  // namespace

absl::StatusOr<std::unique_ptr<SqlMetricStore>> OpenMetricStore(const database::Options& options,
                                                                const base::Clock& clock,
                                                                DataVersions& versions) {
  CITY_ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database,
                        database::Open(options, {.name = "metrics",
                                                 .sqlite = SqliteMetricSchema(),
                                                 .postgres = PostgresMetricSchema()}));
  std::unique_ptr<SqlMetricStore> store(new SqlMetricStore(std::move(database), clock, versions));
  CITY_RETURN_IF_ERROR(store->Start(clock));
  return store;
}

SqlMetricStore::SqlMetricStore(std::unique_ptr<sql::Database> database, const base::Clock& clock,
                               DataVersions& versions)
    : database_(std::move(database)), lease_(*database_, clock), versions_(versions) {}

absl::Status SqlMetricStore::Start(const base::Clock& clock) {
  sql::Dialect dialect;
  absl::Time recorded;
  {
    CITY_ASSIGN_OR_RETURN(sql::Lease reader, database_->Read(absl::Now() + kWriteWait));
    dialect = reader->dialect();
    CITY_ASSIGN_OR_RETURN(sql::Statement row,
                          reader->Prepare("SELECT store_id, last_record_time FROM progress"));
    CITY_RETURN_IF_ERROR(row.Step().status());
    identity_ = row.ColumnString(0);
    recorded = FromStored(row.ColumnInt64(1));
  }
  if (dialect == sql::Dialect::kSqlite) {
    timeline_ = MakeProcessTimeline(clock, recorded);
    // This process has the file to itself: whoever held the lease is gone.
    CITY_RETURN_IF_ERROR(lease_.Free());
  } else {
    timeline_ = MakeSharedTimeline(clock, *database_);
  }
  CITY_RETURN_IF_ERROR(RefreshDataVersions(absl::Now() + kWriteWait));
  // When it fails, the next look or a strong question finds out what this one missed.
  watch_ = database_->StartWatch(
      kChannel, [this] { RefreshDataVersions(absl::Now() + kRefreshWait).IgnoreError(); });
  return absl::OkStatus();
}

// UNAVAILABLE, on which InRead asks the primary, when a standby's snapshot has not seen all that.
absl::Status SqlMetricStore::CheckSight(sql::Connection& standby, const Sight& sight) {
  CITY_ASSIGN_OR_RETURN(const StoreProgress progress, ReadStoreProgress(standby));
  const std::int64_t final_until = std::max(progress.last_record_time, progress.asked_floor);
  if (progress.newest_change < sight.change ||
      FromStored(progress.last_record_time) < sight.recorded ||
      FromStored(final_until) < sight.final_until) {
    return base::Unavailable("STANDBY_TRAILS", "the standby has not come that far");
  }
  return absl::OkStatus();
}

template <typename Read>
auto SqlMetricStore::ReadNewest(absl::Time deadline, Read read)
    -> decltype(read(std::declval<sql::Connection&>())) {
  return sql::InRead(*database_, deadline, sql::Freshness::kNewest,
                     [&](sql::Connection& connection, bool) { return read(connection); });
}

template <typename Read>
auto SqlMetricStore::ReadTrailing(const Sight& sight, absl::Time deadline, Read read)
    -> decltype(read(std::declval<sql::Connection&>())) {
  return sql::InRead(*database_, deadline, sql::Freshness::kMayTrail,
                     [&](sql::Connection& connection,
                         bool standby) -> decltype(read(std::declval<sql::Connection&>())) {
                       if (standby) CITY_RETURN_IF_ERROR(CheckSight(connection, sight));
                       return read(connection);
                     });
}

absl::StatusOr<std::int64_t> SqlMetricStore::HarvestPosition() {
  CITY_ASSIGN_OR_RETURN(sql::Lease reader, database_->Read(absl::Now() + kWriteWait));
  return reader->QueryInt64("SELECT harvest_position FROM progress");
}

absl::StatusOr<std::optional<HarvestLease>> SqlMetricStore::AcquireHarvest(absl::string_view holder,
                                                                           absl::Duration ttl,
                                                                           absl::Time deadline) {
  return lease_.Acquire(holder, ttl, deadline);
}

absl::Status SqlMetricStore::RenewHarvest(const HarvestLease& lease, absl::Time deadline) {
  return lease_.Renew(lease, deadline);
}

absl::Status SqlMetricStore::ReleaseHarvest(const HarvestLease& lease, absl::Time deadline) {
  return lease_.Release(lease, deadline);
}

absl::StatusOr<std::vector<AppliedChange>> SqlMetricStore::ApplyArticleChanges(
    const HarvestLease& lease, std::span<const ArticleChange> changes) {
  size_t failed = 0;
  absl::StatusOr<std::vector<AppliedChange>> applied = ApplyTogether(lease, changes, failed);
  // One bad change must not hold up those before it.
  if (!applied.ok() && failed > 0) applied = ApplyTogether(lease, changes.first(failed), failed);
  return applied;
}

absl::StatusOr<std::vector<AppliedChange>> SqlMetricStore::ApplyTogether(
    const HarvestLease& lease, std::span<const ArticleChange> changes, size_t& failed) {
  const absl::Time deadline = absl::Now() + kWriteWait;
  std::optional<RecordTimes> times;  // until the transaction has ended
  std::vector<DataVersion> versions;
  absl::StatusOr<std::vector<AppliedChange>> applied = sql::InWrite(
      *database_, deadline,
      [&](sql::Connection& connection) -> absl::StatusOr<std::vector<AppliedChange>> {
        failed = 0;
        CITY_ASSIGN_OR_RETURN(const StoreProgress progress, ReadStoreProgress(connection));
        if (progress.harvest_term != lease.term) return HarvestFenced();
        times.reset();  // of the attempt before
        times.emplace(timeline_->BeginWrite(progress, static_cast<int>(changes.size())));
        ChangeAppender feed(connection, progress.newest_change);
        std::int64_t position = progress.harvest_position;
        std::vector<AppliedChange> all;
        for (const ArticleChange& change : changes) {
          failed = all.size();
          AppliedChange& next = all.emplace_back();
          if (change.feed_position <= position) {
            next.replayed = true;
            continue;
          }
          position = change.feed_position;
          LedgerWrite write(connection, feed, times->time(static_cast<int>(failed)));
          CITY_RETURN_IF_ERROR(write.StateArticle(change, next));
          CITY_RETURN_IF_ERROR(ReplaceEvents(
              connection, change.article, change.published ? change.events : std::vector<Event>()));
          CITY_RETURN_IF_ERROR(write.Finish());
          next.observations_changed = write.observations_changed();
        }
        failed = 0;
        CITY_ASSIGN_OR_RETURN(versions, feed.Stamp());
        CITY_RETURN_IF_ERROR(
            connection.Run("UPDATE progress SET harvest_position = ?, last_record_time = ?",
                           position, ToStored(times->time(static_cast<int>(changes.size()) - 1))));
        if (!versions.empty()) CITY_RETURN_IF_ERROR(connection.Notify(kChannel));
        CITY_RETURN_IF_ERROR(lease_.Prolong(connection, lease));
        return all;
      });
  if (!applied.ok()) return applied;
  Publish(versions, times->time(static_cast<int>(changes.size()) - 1));
  // Whoever applied it first may not have lived to say so here.
  if (applied->front().replayed) CITY_RETURN_IF_ERROR(RefreshDataVersions(deadline));
  return applied;
}

absl::StatusOr<std::vector<RecordedValue>> SqlMetricStore::Record(const LoadedBatch& batch) {
  if (batch.validate_only) return Rehearse(batch);
  const absl::Time deadline = absl::Now() + kWriteWait;
  const LoadedRounds rounds = RoundsOf(batch);
  const int last_round = std::max(0, static_cast<int>(rounds.size()) - 1);
  std::optional<RecordTimes> times;  // until the transaction has ended
  bool answered_before = false;
  std::vector<DataVersion> versions;
  absl::StatusOr<std::vector<RecordedValue>> recorded = sql::InWrite(
      *database_, deadline,
      [&](sql::Connection& connection) -> absl::StatusOr<std::vector<RecordedValue>> {
        CITY_ASSIGN_OR_RETURN(std::optional<std::vector<RecordedValue>> known,
                              FindLoadedAnswer(connection, batch));
        answered_before = known.has_value();
        if (answered_before) return *std::move(known);
        CITY_ASSIGN_OR_RETURN(const StoreProgress progress, ReadStoreProgress(connection));
        times.reset();  // of the attempt before
        times.emplace(timeline_->BeginWrite(progress, last_round + 1));
        ChangeAppender feed(connection, progress.newest_change);
        CITY_ASSIGN_OR_RETURN(std::vector<RecordedValue> answer,
                              WriteLoadedBatch(connection, feed, batch, rounds, times->first));
        CITY_ASSIGN_OR_RETURN(versions, feed.Stamp());
        CITY_RETURN_IF_ERROR(connection.Run("UPDATE progress SET last_record_time = ?",
                                            ToStored(times->time(last_round))));
        if (!versions.empty()) CITY_RETURN_IF_ERROR(connection.Notify(kChannel));
        return answer;
      });
  if (!recorded.ok()) return recorded;
  if (answered_before) {
    // It may have been recorded elsewhere, or its acknowledgement lost.
    CITY_RETURN_IF_ERROR(RefreshDataVersions(deadline));
  } else {
    Publish(versions, times->time(last_round));
  }
  return recorded;
}

// No record time is drawn: any later than the newest does for a write that nobody will see.
absl::StatusOr<std::vector<RecordedValue>> SqlMetricStore::Rehearse(const LoadedBatch& batch) {
  return sql::InRehearsal(
      *database_, absl::Now() + kWriteWait,
      [&](sql::Connection& connection) -> absl::StatusOr<std::vector<RecordedValue>> {
        CITY_ASSIGN_OR_RETURN(const StoreProgress progress, ReadStoreProgress(connection));
        ChangeAppender feed(connection, progress.newest_change);
        return WriteLoadedBatch(connection, feed, batch, RoundsOf(batch),
                                FromStored(progress.last_record_time + 1));
      });
}

void SqlMetricStore::Publish(std::span<const DataVersion> versions, absl::Time recorded) {
  versions_.Advance(versions);
  recorded_.Raise(ToStored(recorded));
  timeline_->Learn(recorded);
}

absl::StatusOr<ObservationPage> SqlMetricStore::QueryObservations(const ObservationQuery& query,
                                                                  absl::Time deadline) {
  const auto read = [&](sql::Connection& connection) {
    return ReadObservations(connection, query);
  };
  if (query.as_of.has_value()) CITY_RETURN_IF_ERROR(timeline_->Settle(*query.as_of, deadline));
  if (query.strong) return ReadNewest(deadline, read);
  const std::vector<std::int64_t> known = versions_.Snapshot(query.indicators);
  return ReadTrailing(
      {.change = std::max(query.seen, *std::max_element(known.begin(), known.end())),
       .final_until = query.as_of.value_or(absl::InfinitePast())},
      deadline, read);
}

absl::StatusOr<std::vector<Observation>> SqlMetricStore::ListVintages(const ObservationKey& key,
                                                                      absl::Time deadline) {
  return ReadNewest(
      deadline, [&](sql::Connection& connection) -> absl::StatusOr<std::vector<Observation>> {
        CITY_ASSIGN_OR_RETURN(const std::int64_t row, ObservationTable(connection).Find(key));
        CITY_ASSIGN_OR_RETURN(std::vector<Vintage> history,
                              VintageTable(connection).LoadHistory(row));
        std::vector<Observation> vintages;
        for (Vintage& vintage : history) {
          vintages.push_back({.key = key, .vintage = std::move(vintage)});
        }
        return vintages;
      });
}

absl::StatusOr<FigurePage> SqlMetricStore::ListFigures(const FigureQuery& query,
                                                       absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(const absl::Time seen, SeenBefore(query));
  return ReadTrailing({.recorded = std::max(seen, FromStored(recorded_.value()))}, deadline,
                      [&](sql::Connection& connection) { return ReadFigures(connection, query); });
}

absl::StatusOr<Figure> SqlMetricStore::GetFigure(absl::string_view id, absl::Time deadline) {
  return ReadTrailing({.recorded = FromStored(recorded_.value())}, deadline,
                      [&](sql::Connection& connection) { return ReadFigure(connection, id); });
}

absl::StatusOr<Figure> SqlMetricStore::Review(const FigureReview& review, absl::Time deadline) {
  deadline = std::min(deadline, absl::Now() + kWriteWait);
  std::optional<RecordTimes> times;  // until the transaction has ended
  std::vector<DataVersion> versions;
  bool news = false;
  absl::StatusOr<Figure> reviewed = sql::InWrite(
      *database_, deadline, [&](sql::Connection& connection) -> absl::StatusOr<Figure> {
        CITY_ASSIGN_OR_RETURN(news, IsNews(connection, review));
        if (news) {
          CITY_ASSIGN_OR_RETURN(const StoreProgress progress, ReadStoreProgress(connection));
          times.reset();  // of the attempt before
          times.emplace(timeline_->BeginWrite(progress, 1));
          ChangeAppender feed(connection, progress.newest_change);
          LedgerWrite write(connection, feed, times->first);
          CITY_RETURN_IF_ERROR(WriteReview(connection, write, review, times->first));
          CITY_ASSIGN_OR_RETURN(versions, feed.Stamp());
          CITY_RETURN_IF_ERROR(
              connection.Run("UPDATE progress SET last_record_time = ?", ToStored(times->first)));
          if (!versions.empty()) CITY_RETURN_IF_ERROR(connection.Notify(kChannel));
        }
        return ReadFigure(connection, review.figure);
      });
  if (!reviewed.ok()) return reviewed;
  if (news) {
    Publish(versions, times->first);
  } else {
    // It may have been said elsewhere, or its acknowledgement lost.
    CITY_RETURN_IF_ERROR(RefreshDataVersions(deadline));
  }
  return reviewed;
}

absl::StatusOr<EventPage> SqlMetricStore::ListEvents(const EventQuery& query, absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(const absl::Time seen, SeenBefore(query));
  return ReadTrailing({.recorded = std::max(seen, FromStored(recorded_.value()))}, deadline,
                      [&](sql::Connection& connection) { return ReadEvents(connection, query); });
}

absl::StatusOr<std::vector<ObservationChange>> SqlMetricStore::ReadChanges(std::int64_t after,
                                                                           int limit,
                                                                           absl::Time deadline) {
  const auto read = [&](sql::Connection& connection) {
    return ReadObservationChanges(connection, after, limit);
  };
  // A page that lies wholly in the past is the same everywhere; the newest are the primary's.
  const std::int64_t last = after + limit;
  if (versions_.Latest() < last) return ReadNewest(deadline, read);
  return ReadTrailing({.change = last}, deadline, read);
}

absl::StatusOr<ConflictPage> SqlMetricStore::ListConflicts(const ConflictQuery& query,
                                                           absl::Time deadline) {
  return ReadNewest(deadline,
                    [&](sql::Connection& connection) { return ReadConflicts(connection, query); });
}

absl::StatusOr<std::vector<Observation>> SqlMetricStore::ListSupersededTargets(
    const std::vector<std::string>& indicators, const std::vector<std::string>& places, int limit,
    absl::Time deadline) {
  return ReadNewest(deadline, [&](sql::Connection& connection) {
    return ReadSupersededTargets(connection, indicators, places, limit);
  });
}

absl::Status SqlMetricStore::RefreshDataVersions(absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sql::Lease reader, database_->Read(deadline));
  // Versions are stamped in the order of commits, so those at or before the newest read are known.
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      reader->Prepare("SELECT p.last_record_time, d.indicator, d.sequence, d.stamp "
                      "FROM progress p LEFT JOIN data_versions d ON d.sequence > ?"));
  query.BindAll(refreshed_.value());
  std::vector<DataVersion> versions;
  std::int64_t newest = 0;
  absl::Time recorded = absl::InfinitePast();
  CITY_RETURN_IF_ERROR(query.ForEach([&](sql::Statement& row) {
    recorded = FromStored(row.ColumnInt64(0));
    if (row.ColumnIsNull(1)) return;
    versions.push_back({.indicator = row.ColumnString(1),
                        .sequence = row.ColumnInt64(2),
                        .stamp = row.ColumnInt64(3)});
    newest = std::max(newest, versions.back().sequence);
  }));
  Publish(versions, recorded);
  refreshed_.Raise(newest);
  return absl::OkStatus();
}

absl::Status SqlMetricStore::Check() {
  CITY_ASSIGN_OR_RETURN(sql::Lease reader, database_->Read(absl::Now() + kCheckWait));
  return reader->QueryInt64("SELECT harvest_position FROM progress").status();
}

}  // namespace cityinfo::metrics
