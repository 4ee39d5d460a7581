#include "services/metrics/storage/loaded_batch_write.h"

#include <cstdint>
#include <utility>

#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/vintage_table.h"

namespace cityinfo::metrics {
namespace {

// The vintage that the value just recorded backs; the newest one when a later record of the same
// day has taken its place.
absl::StatusOr<std::int64_t> VintageFor(sql::Connection& connection, std::int64_t observation_id,
                                        const LoadedValue& value) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement query,
      connection.Prepare(
          "SELECT vintage_id FROM vintages WHERE observation_id = ? "
          "AND superseded_at = ? ORDER BY publish_day > ?, publish_day DESC LIMIT 1"));
  CITY_ASSIGN_OR_RETURN(
      const bool found,
      query.BindAll(observation_id, kForever, base::DaysSinceEpoch(value.publish_date)).Step());
  if (!found) return base::DataLoss("STORE_CORRUPT", "a recorded value has no vintage");
  return query.ColumnInt64(0);
}

absl::StatusOr<std::vector<Observation>> LoadAnswer(sql::Connection& connection,
                                                    const LoadedBatch& batch,
                                                    const std::vector<std::int64_t>& vintage_ids,
                                                    absl::Time moment) {
  CITY_ASSIGN_OR_RETURN(std::vector<Vintage> vintages,
                        VintageTable(connection).Load(vintage_ids, moment));
  std::vector<Observation> answer;
  for (size_t i = 0; i < vintages.size(); ++i) {
    answer.push_back({.key = batch.values[i].key, .vintage = std::move(vintages[i])});
  }
  return answer;
}

}  // namespace

absl::StatusOr<std::optional<std::vector<Observation>>> FindLoadedAnswer(
    sql::Connection& connection, const LoadedBatch& batch) {
  if (batch.request_id.empty()) return std::nullopt;
  absl::Time moment;
  {
    CITY_ASSIGN_OR_RETURN(
        sql::Statement request,
        connection.Prepare("SELECT digest, record_time FROM requests WHERE request_id = ?"));
    CITY_ASSIGN_OR_RETURN(const bool known, request.BindAll(batch.request_id).Step());
    if (!known) return std::nullopt;
    if (request.ColumnText(0) != batch.digest) {
      return base::AlreadyExists("request_id", batch.request_id, "REQUEST_ID_REUSED");
    }
    moment = FromStored(request.ColumnInt64(1));
  }
  std::vector<std::int64_t> vintage_ids;
  {
    CITY_ASSIGN_OR_RETURN(sql::Statement rows,
                          connection.Prepare("SELECT vintage_id FROM request_vintages "
                                             "WHERE request_id = ? ORDER BY ordinal"));
    rows.BindAll(batch.request_id);
    CITY_RETURN_IF_ERROR(
        rows.ForEach([&](sql::Statement& row) { vintage_ids.push_back(row.ColumnInt64(0)); }));
  }
  return LoadAnswer(connection, batch, vintage_ids, moment);
}

absl::StatusOr<std::vector<Observation>> WriteLoadedBatch(sql::Connection& connection,
                                                          LedgerWrite& write,
                                                          const LoadedBatch& batch,
                                                          absl::Time now) {
  std::vector<std::int64_t> rows;
  for (const LoadedValue& value : batch.values) {
    CITY_ASSIGN_OR_RETURN(const std::int64_t row,
                          write.StateLoaded(batch.source, value, static_cast<int>(rows.size())));
    rows.push_back(row);
  }
  CITY_RETURN_IF_ERROR(write.Finish());
  std::vector<std::int64_t> vintage_ids;
  for (size_t i = 0; i < rows.size(); ++i) {
    CITY_ASSIGN_OR_RETURN(const std::int64_t id, VintageFor(connection, rows[i], batch.values[i]));
    vintage_ids.push_back(id);
  }
  if (!batch.request_id.empty()) {
    CITY_RETURN_IF_ERROR(
        connection.Run("INSERT INTO requests (request_id, digest, record_time) VALUES (?, ?, ?)",
                       batch.request_id, batch.digest, ToStored(now)));
    for (size_t i = 0; i < vintage_ids.size(); ++i) {
      CITY_RETURN_IF_ERROR(connection.Run(
          "INSERT INTO request_vintages (request_id, ordinal, vintage_id) VALUES (?, ?, ?)",
          batch.request_id, i, vintage_ids[i]));
    }
  }
  return LoadAnswer(connection, batch, vintage_ids, now);
}

}  // namespace cityinfo::metrics
