#include "services/metrics/storage/change_feed.h"

#include <utility>

#include "platform/base/status_macros.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/schema.h"

namespace cityinfo::metrics {
namespace {

struct ChangeRow {
  std::int64_t sequence;
  std::int64_t observation_id;
  std::int64_t vintage_id;
  bool retracted;
  std::int64_t commit_time;
};

}  // namespace

absl::StatusOr<DataVersion> ChangeFeed::Append(std::int64_t observation_id,
                                               absl::string_view indicator,
                                               const ReconciledObservation& reconciled,
                                               absl::Time now) {
  CITY_RETURN_IF_ERROR(
      connection_.Run("INSERT INTO changes (observation_id, vintage_id, retracted, commit_time) "
                      "VALUES (?, ?, ?, ?)",
                      observation_id, reconciled.vintage_id, reconciled.retracted, ToStored(now)));
  const std::int64_t sequence = connection_.LastInsertRowId();
  CITY_RETURN_IF_ERROR(
      connection_.Run("INSERT OR REPLACE INTO data_versions VALUES (?, ?)", indicator, sequence));
  return DataVersion{.indicator = std::string(indicator), .sequence = sequence};
}

absl::StatusOr<std::vector<ObservationChange>> ChangeFeed::Read(std::int64_t after, int limit) {
  std::vector<ChangeRow> rows;
  {
    CITY_ASSIGN_OR_RETURN(
        sqlite::Statement query,
        connection_.Prepare("SELECT sequence, observation_id, vintage_id, retracted, commit_time "
                            "FROM changes WHERE sequence > ? ORDER BY sequence LIMIT ?"));
    query.BindAll(after, limit);
    CITY_RETURN_IF_ERROR(query.ForEach([&](sqlite::Statement& row) {
      rows.push_back({row.ColumnInt64(0), row.ColumnInt64(1), row.ColumnInt64(2), row.ColumnBool(3),
                      row.ColumnInt64(4)});
    }));
  }
  ObservationTable observations(connection_);
  VintageTable vintages(connection_);
  std::vector<ObservationChange> changes;
  for (const ChangeRow& row : rows) {
    ObservationChange change{.sequence = row.sequence,
                             .commit_time = FromStored(row.commit_time),
                             .retracted = row.retracted};
    // What left the series is shown as it last stood.
    const std::int64_t moment = row.retracted ? LastMomentBefore(row.commit_time) : row.commit_time;
    CITY_ASSIGN_OR_RETURN(change.observation.key, observations.KeyOf(row.observation_id));
    CITY_ASSIGN_OR_RETURN(change.observation.vintage,
                          vintages.Load(row.vintage_id, FromStored(moment)));
    changes.push_back(std::move(change));
  }
  return changes;
}

absl::StatusOr<std::vector<DataVersion>> ChangeFeed::ReadVersions() {
  CITY_ASSIGN_OR_RETURN(sqlite::Statement query,
                        connection_.Prepare("SELECT indicator, sequence FROM data_versions"));
  std::vector<DataVersion> versions;
  CITY_RETURN_IF_ERROR(query.ForEach([&](sqlite::Statement& row) {
    versions.push_back({.indicator = row.ColumnString(0), .sequence = row.ColumnInt64(1)});
  }));
  return versions;
}

}  // namespace cityinfo::metrics
