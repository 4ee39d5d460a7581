#include "services/metrics/storage/sqlite_metric_store.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/change_feed.h"
#include "services/metrics/storage/conflict_reader.h"
#include "services/metrics/storage/figure_reader.h"
#include "services/metrics/storage/ledger_write.h"
#include "services/metrics/storage/observation_reader.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/vintage_table.h"

namespace cityinfo::metrics {
namespace {

using sqlite::Transaction;

constexpr absl::Duration kCheckWait = absl::Seconds(1);

std::vector<sqlite::Migration> SchemaSteps() {
  const std::span<const sqlite::Migration> steps = MetricSchema();
  return {steps.begin(), steps.end()};
}

// The vintage that the value just recorded backs; the newest one when a later record of the same
// day has taken its place.
absl::StatusOr<std::int64_t> VintageFor(sqlite::Connection& connection, std::int64_t observation_id,
                                        const LoadedValue& value) {
  CITY_ASSIGN_OR_RETURN(
      sqlite::Statement query,
      connection.Prepare(
          "SELECT vintage_id FROM vintages WHERE observation_id = ? "
          "AND superseded_at = ? ORDER BY publish_day > ?, publish_day DESC LIMIT 1"));
  CITY_ASSIGN_OR_RETURN(
      const bool found,
      query.BindAll(observation_id, kForever, base::DaysSinceEpoch(value.publish_date)).Step());
  if (!found) return base::DataLoss("STORE_CORRUPT", "a recorded value has no vintage");
  return query.ColumnInt64(0);
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteMetricStore>> SqliteMetricStore::Open(const Options& options,
                                                                           const base::Clock& clock,
                                                                           DataVersions& versions) {
  CITY_ASSIGN_OR_RETURN(
      std::unique_ptr<sqlite::Database> database,
      sqlite::Database::Open(
          {.path = options.path, .readers = options.readers, .migrations = SchemaSteps()}));
  absl::Time last_recorded;
  std::string identity;
  {
    CITY_ASSIGN_OR_RETURN(sqlite::Lease reader, database->Read());
    CITY_ASSIGN_OR_RETURN(sqlite::Statement row, reader->Prepare("SELECT store_id FROM progress"));
    CITY_RETURN_IF_ERROR(row.Step().status());
    identity = row.ColumnString(0);
    CITY_ASSIGN_OR_RETURN(const std::int64_t micros,
                          reader->QueryInt64("SELECT last_record_time FROM progress"));
    last_recorded = FromStored(micros);
    CITY_ASSIGN_OR_RETURN(const std::vector<DataVersion> known, ChangeFeed(*reader).ReadVersions());
    versions.Advance(known);
  }
  return std::unique_ptr<SqliteMetricStore>(new SqliteMetricStore(
      std::move(database), std::move(identity), clock, last_recorded, versions));
}

SqliteMetricStore::SqliteMetricStore(std::unique_ptr<sqlite::Database> database,
                                     std::string identity, const base::Clock& clock,
                                     absl::Time last_recorded, DataVersions& versions)
    : database_(std::move(database)),
      identity_(std::move(identity)),
      record_clock_(clock, last_recorded),
      versions_(versions) {}

absl::StatusOr<std::int64_t> SqliteMetricStore::HarvestPosition() {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease reader, database_->Read());
  return reader->QueryInt64("SELECT harvest_position FROM progress");
}

absl::StatusOr<AppliedChange> SqliteMetricStore::ApplyArticleChange(const ArticleChange& change) {
  CITY_ASSIGN_OR_RETURN(const std::vector<AppliedChange> applied,
                        ApplyArticleChanges(std::span(&change, 1)));
  return applied.front();
}

absl::StatusOr<std::vector<AppliedChange>> SqliteMetricStore::ApplyArticleChanges(
    std::span<const ArticleChange> changes) {
  size_t failed = 0;
  absl::StatusOr<std::vector<AppliedChange>> applied = ApplyTogether(changes, failed);
  // One bad change must not hold up those before it.
  if (!applied.ok() && failed > 0) applied = ApplyTogether(changes.first(failed), failed);
  return applied;
}

absl::StatusOr<std::vector<AppliedChange>> SqliteMetricStore::ApplyTogether(
    std::span<const ArticleChange> changes, size_t& failed) {
  failed = 0;
  CITY_ASSIGN_OR_RETURN(sqlite::Lease writer, database_->Write(absl::Now() + kWriteWait));
  CITY_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*writer));
  CITY_ASSIGN_OR_RETURN(std::int64_t position,
                        writer->QueryInt64("SELECT harvest_position FROM progress"));
  const RecordClock::Write moment = record_clock_.BeginWrite(static_cast<int>(changes.size()));
  std::vector<AppliedChange> all;
  std::vector<DataVersion> versions;
  for (const ArticleChange& change : changes) {
    failed = all.size();
    AppliedChange& applied = all.emplace_back();
    if (change.feed_position <= position) {
      applied.replayed = true;
      continue;
    }
    position = change.feed_position;
    LedgerWrite write(*writer, moment.time(static_cast<int>(failed)));
    CITY_RETURN_IF_ERROR(write.StateArticle(
        change.article, change.published ? change.figures : std::vector<Figure>(), applied));
    CITY_ASSIGN_OR_RETURN(std::vector<DataVersion> touched, write.Finish());
    applied.observations_changed = write.observations_changed();
    std::move(touched.begin(), touched.end(), std::back_inserter(versions));
  }
  failed = 0;
  CITY_RETURN_IF_ERROR(writer->Run("UPDATE progress SET harvest_position = ?", position));
  CITY_RETURN_IF_ERROR(transaction.Commit());
  versions_.Advance(versions);
  return all;
}

absl::StatusOr<std::optional<std::vector<Observation>>> SqliteMetricStore::FindAnswer(
    sqlite::Connection& connection, const LoadedBatch& batch) {
  if (batch.request_id.empty()) return std::nullopt;
  CITY_ASSIGN_OR_RETURN(
      sqlite::Statement request,
      connection.Prepare("SELECT digest, record_time FROM requests WHERE request_id = ?"));
  CITY_ASSIGN_OR_RETURN(const bool known, request.BindAll(batch.request_id).Step());
  if (!known) return std::nullopt;
  if (request.ColumnText(0) != batch.digest) {
    return base::AlreadyExists("request_id", batch.request_id, "REQUEST_ID_REUSED");
  }
  const absl::Time moment = FromStored(request.ColumnInt64(1));
  CITY_ASSIGN_OR_RETURN(sqlite::Statement rows,
                        connection.Prepare("SELECT vintage_id FROM request_vintages "
                                           "WHERE request_id = ? ORDER BY ordinal"));
  rows.BindAll(batch.request_id);
  VintageTable vintages(connection);
  std::vector<Observation> answer;
  CITY_RETURN_IF_ERROR(rows.ForEach([&](sqlite::Statement& row) -> absl::Status {
    Observation observation{.key = batch.values[answer.size()].key};
    CITY_ASSIGN_OR_RETURN(observation.vintage, vintages.Load(row.ColumnInt64(0), moment));
    answer.push_back(std::move(observation));
    return absl::OkStatus();
  }));
  return answer;
}

absl::StatusOr<std::vector<Observation>> SqliteMetricStore::Record(const LoadedBatch& batch) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease writer, database_->Write(absl::Now() + kWriteWait));
  CITY_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(*writer));
  CITY_ASSIGN_OR_RETURN(std::optional<std::vector<Observation>> known, FindAnswer(*writer, batch));
  if (known.has_value()) return *std::move(known);
  const RecordClock::Write moment = record_clock_.BeginWrite();
  LedgerWrite write(*writer, moment.time());
  std::vector<std::int64_t> rows;
  for (const LoadedValue& value : batch.values) {
    CITY_ASSIGN_OR_RETURN(const std::int64_t row,
                          write.StateLoaded(batch.source, value, static_cast<int>(rows.size())));
    rows.push_back(row);
  }
  CITY_ASSIGN_OR_RETURN(const std::vector<DataVersion> versions, write.Finish());
  if (!batch.request_id.empty()) {
    CITY_RETURN_IF_ERROR(writer->Run("INSERT INTO requests VALUES (?, ?, ?)", batch.request_id,
                                     batch.digest, ToStored(moment.time())));
  }
  VintageTable vintages(*writer);
  std::vector<Observation> recorded;
  for (size_t i = 0; i < rows.size(); ++i) {
    CITY_ASSIGN_OR_RETURN(const std::int64_t vintage_id,
                          VintageFor(*writer, rows[i], batch.values[i]));
    Observation observation{.key = batch.values[i].key};
    CITY_ASSIGN_OR_RETURN(observation.vintage, vintages.Load(vintage_id, moment.time()));
    recorded.push_back(std::move(observation));
    if (batch.request_id.empty()) continue;
    CITY_RETURN_IF_ERROR(writer->Run("INSERT INTO request_vintages VALUES (?, ?, ?)",
                                     batch.request_id, i, vintage_id));
  }
  CITY_RETURN_IF_ERROR(transaction.Commit());
  versions_.Advance(versions);
  return recorded;
}

absl::StatusOr<ObservationPage> SqliteMetricStore::QueryObservations(const ObservationQuery& query,
                                                                     absl::Time deadline) {
  if (query.as_of.has_value()) {
    CITY_RETURN_IF_ERROR(record_clock_.Settle(*query.as_of, deadline));
  }
  CITY_ASSIGN_OR_RETURN(sqlite::Lease reader, database_->Read(deadline));
  CITY_ASSIGN_OR_RETURN(const Transaction snapshot,
                        Transaction::Begin(*reader, Transaction::Mode::kRead));
  return ObservationReader(*reader, query).Read();
}

absl::StatusOr<std::vector<Observation>> SqliteMetricStore::ListVintages(const ObservationKey& key,
                                                                         absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease reader, database_->Read(deadline));
  CITY_ASSIGN_OR_RETURN(const Transaction snapshot,
                        Transaction::Begin(*reader, Transaction::Mode::kRead));
  CITY_ASSIGN_OR_RETURN(const std::int64_t row, ObservationTable(*reader).Find(key));
  CITY_ASSIGN_OR_RETURN(
      sqlite::Statement query,
      reader->Prepare(absl::StrCat("SELECT ", kVintageColumns,
                                   " FROM vintages v "
                                   "WHERE v.observation_id = ? ORDER BY v.number DESC")));
  query.BindAll(row);
  VintageTable table(*reader);
  std::vector<Observation> vintages;
  CITY_RETURN_IF_ERROR(query.ForEach([&](sqlite::Statement& vintage) -> absl::Status {
    Observation next{.key = key, .vintage = ReadVintage(vintage, 0)};
    CITY_RETURN_IF_ERROR(table.LoadBacking(vintage.ColumnInt64(0),
                                           LastMomentBefore(vintage.ColumnInt64(9)), std::nullopt,
                                           next.vintage));
    vintages.push_back(std::move(next));
    return absl::OkStatus();
  }));
  return vintages;
}

absl::StatusOr<FigurePage> SqliteMetricStore::ListFigures(const FigureQuery& query,
                                                          absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease reader, database_->Read(deadline));
  return ReadFigures(*reader, query);
}

absl::StatusOr<std::vector<ObservationChange>> SqliteMetricStore::ReadChanges(std::int64_t after,
                                                                              int limit,
                                                                              absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease reader, database_->Read(deadline));
  CITY_ASSIGN_OR_RETURN(const Transaction snapshot,
                        Transaction::Begin(*reader, Transaction::Mode::kRead));
  return ChangeFeed(*reader).Read(after, limit);
}

absl::StatusOr<std::vector<Conflict>> SqliteMetricStore::ListConflicts(
    const std::vector<std::string>& indicators, const std::vector<std::string>& places,
    const std::optional<ObservationKey>& after, int limit, absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease reader, database_->Read(deadline));
  CITY_ASSIGN_OR_RETURN(const Transaction snapshot,
                        Transaction::Begin(*reader, Transaction::Mode::kRead));
  return ReadConflicts(*reader, indicators, places, after, limit);
}

absl::Status SqliteMetricStore::RefreshDataVersions(absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease reader, database_->Read(deadline));
  CITY_ASSIGN_OR_RETURN(const std::vector<DataVersion> known, ChangeFeed(*reader).ReadVersions());
  versions_.Advance(known);
  return absl::OkStatus();
}

absl::Status SqliteMetricStore::Check() {
  CITY_ASSIGN_OR_RETURN(sqlite::Lease reader, database_->Read(absl::Now() + kCheckWait));
  return reader->QueryInt64("SELECT harvest_position FROM progress").status();
}

}  // namespace cityinfo::metrics
