#include "services/metrics/storage/change_feed.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/parameters.h"
#include "services/metrics/storage/schema.h"

namespace cityinfo::metrics {
namespace {

// A page of the feed: ?1 is the position it begins behind, ?2 its length.
constexpr char kPage[] =
    "(SELECT sequence, observation_id, vintage_id, retracted, commit_time FROM changes "
    "WHERE sequence > ?1 ORDER BY sequence LIMIT ?2) c";

std::int64_t DrawStamp() {
  std::random_device lot;  // 32 bits a time
  return static_cast<std::int64_t>(std::uint64_t{lot()} << 32 | lot());
}

absl::StatusOr<std::vector<ObservationChange>> ReadPage(sql::Connection& connection,
                                                        std::int64_t after, int limit) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      connection.Prepare(
          absl::StrCat("SELECT c.sequence, c.retracted, c.commit_time, ", kKeyColumns, ", ",
                       kVintageColumns, " FROM ", kPage,
                       " CROSS JOIN observations o CROSS JOIN series r CROSS JOIN vintages v "
                       "WHERE o.observation_id = c.observation_id AND r.series_id = o.series_id "
                       "AND v.vintage_id = c.vintage_id ORDER BY c.sequence")));
  query.BindAll(after, limit);
  std::vector<ObservationChange> changes;
  CITY_RETURN_IF_ERROR(query.ForEach([&](sql::Statement& row) -> absl::Status {
    ObservationChange change{.sequence = row.ColumnInt64(0),
                             .commit_time = FromStored(row.ColumnInt64(2)),
                             .retracted = row.ColumnBool(1)};
    CITY_ASSIGN_OR_RETURN(change.observation.key, ReadKey(row, 3));
    change.observation.vintage = ReadVintage(row, 3 + kKeyColumnCount);
    changes.push_back(std::move(change));
    return absl::OkStatus();
  }));
  return changes;
}

}  // namespace

absl::Status ChangeAppender::Append(std::int64_t observation_id, absl::string_view indicator,
                                    const ReconciledObservation& reconciled, absl::Time now) {
  ++newest_;
  const auto touched = touched_.find(indicator);
  if (touched != touched_.end()) {
    touched->second = newest_;
  } else {
    touched_.emplace(std::string(indicator), newest_);
  }
  if (!insert_.has_value()) {
    CITY_ASSIGN_OR_RETURN(insert_, connection_.Prepare("INSERT INTO changes (sequence, "
                                                       "observation_id, vintage_id, retracted, "
                                                       "commit_time) VALUES (?, ?, ?, ?, ?)"));
  }
  return insert_
      ->BindAll(newest_, observation_id, reconciled.vintage_id, reconciled.retracted, ToStored(now))
      .Run();
}

absl::StatusOr<std::vector<DataVersion>> ChangeAppender::Stamp() {
  std::vector<DataVersion> versions;
  const std::int64_t stamp = DrawStamp();
  for (const auto& [indicator, sequence] : touched_) {
    CITY_RETURN_IF_ERROR(
        connection_.Run("INSERT INTO data_versions (indicator, sequence, stamp) VALUES (?, ?, ?) "
                        "ON CONFLICT (indicator) DO UPDATE SET sequence = excluded.sequence, "
                        "stamp = excluded.stamp",
                        indicator, sequence, stamp));
    versions.push_back({.indicator = indicator, .sequence = sequence, .stamp = stamp});
  }
  return versions;
}

absl::StatusOr<std::vector<ObservationChange>> ReadObservationChanges(sql::Connection& connection,
                                                                      std::int64_t after,
                                                                      int limit) {
  CITY_ASSIGN_OR_RETURN(std::vector<ObservationChange> changes, ReadPage(connection, after, limit));
  if (changes.empty()) return changes;
  // What left the series is shown as it last stood, a microsecond before.
  CITY_ASSIGN_OR_RETURN(
      sql::Statement backing,
      connection.Prepare(absl::StrCat(
          "SELECT c.sequence, ", kBackingColumns, " FROM ", kPage,
          " CROSS JOIN vintage_statements l CROSS JOIN statements s "
          "WHERE l.vintage_id = c.vintage_id AND l.record_from <= c.commit_time - c.retracted "
          "AND l.superseded_at > c.commit_time - c.retracted AND s.statement_id = l.statement_id "
          "ORDER BY c.sequence, ",
          kBackingOrder)));
  backing.BindAll(after, limit);
  auto change = changes.begin();
  CITY_RETURN_IF_ERROR(backing.ForEach([&](sql::Statement& row) {
    while (change->sequence < row.ColumnInt64(0)) ++change;
    AddBacking(row, 1, change->observation.vintage);
  }));
  return changes;
}

absl::StatusOr<std::int64_t> NewestVersion(sql::Connection& connection,
                                           const std::vector<std::string>& indicators) {
  Parameters parameters;
  std::string where;
  if (!indicators.empty()) {
    where = absl::StrCat(
        " WHERE indicator IN (",
        parameters.AddAll(indicators, [](const std::string& id) { return absl::string_view(id); }),
        ")");
  }
  CITY_ASSIGN_OR_RETURN(sql::Statement query,
                        connection.Prepare(absl::StrCat(
                            "SELECT coalesce(max(sequence), 0) FROM data_versions", where)));
  parameters.BindTo(query);
  CITY_RETURN_IF_ERROR(query.Step().status());
  return query.ColumnInt64(0);
}

}  // namespace cityinfo::metrics
