#include "services/metrics/storage/superseded_target_reader.h"

#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/parameters.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/stored_codes.h"
#include "services/metrics/storage/vintage_table.h"

namespace cityinfo::metrics {

absl::StatusOr<std::vector<Observation>> ReadSupersededTargets(
    sql::Connection& connection, const std::vector<std::string>& indicators,
    const std::vector<std::string>& places, int limit) {
  const auto text = [](const std::string& value) { return absl::string_view(value); };
  Parameters parameters;
  std::string where = absl::StrCat(" AND r.kind = ", parameters.Add(StoredCode(Kind::kTarget)));
  if (!indicators.empty()) {
    absl::StrAppend(&where, " AND r.indicator IN (", parameters.AddAll(indicators, text), ")");
  }
  if (!places.empty()) {
    absl::StrAppend(&where, " AND r.place IN (", parameters.AddAll(places, text), ")");
  }
  std::vector<Observation> superseded;
  std::vector<std::int64_t> ids;
  {
    CITY_ASSIGN_OR_RETURN(
        sql::Statement query,
        connection.Prepare(absl::StrCat(
            "SELECT ", kKeyColumns, ", ", kVintageColumns,
            " FROM series r CROSS JOIN observations o CROSS JOIN vintages v "
            "WHERE o.series_id = r.series_id AND v.observation_id = o.observation_id "
            "AND v.superseded_at = ",
            kForever, where,
            " AND EXISTS (SELECT 1 FROM vintages n WHERE n.observation_id = v.observation_id "
            "AND n.publish_day > v.publish_day AND n.superseded_at = ",
            kForever, ") ORDER BY ", kKeyOrder, ", v.publish_day DESC LIMIT ",
            parameters.Add(limit))));
    parameters.BindTo(query);
    CITY_RETURN_IF_ERROR(query.ForEach([&](sql::Statement& row) -> absl::Status {
      CITY_ASSIGN_OR_RETURN(ObservationKey key, ReadKey(row, 0));
      ids.push_back(row.ColumnInt64(kKeyColumnCount));
      superseded.push_back({.key = std::move(key), .vintage = ReadVintage(row, kKeyColumnCount)});
      return absl::OkStatus();
    }));
  }
  absl::flat_hash_map<std::int64_t, Vintage*> uncited;
  for (size_t i = 0; i < superseded.size(); ++i) uncited[ids[i]] = &superseded[i].vintage;
  CITY_RETURN_IF_ERROR(
      VintageTable(connection).LoadBacking(uncited, LastMomentBefore(kForever), std::nullopt));
  return superseded;
}

}  // namespace cityinfo::metrics
