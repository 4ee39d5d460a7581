#include "services/metrics/storage/computed_observation_reader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/status_macros.h"
#include "services/metrics/domain/units.h"
#include "services/metrics/storage/observation_rows.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/parameters.h"
#include "services/metrics/storage/visible_vintage.h"

namespace cityinfo::metrics {
namespace {

// Which period of which series.
using Place = std::pair<std::int64_t, std::string>;
using Levels = absl::flat_hash_map<Place, Vintage>;

// Any number of periods of series as one parameter. Their texts need no escaping in JSON.
std::string WantedList(const absl::flat_hash_map<Place, Period>& wanted) {
  std::vector<std::string> all;
  for (const auto& [place, period] : wanted) {
    all.push_back(absl::StrCat("[", place.first, ",", LastDayNumber(period), ",",
                               FirstDayNumber(period), ",\"", place.second, "\"]"));
  }
  return absl::StrCat("[", absl::StrJoin(all, ","), "]");
}

// The levels that the question sees of these periods; those without one are missing.
absl::StatusOr<Levels> ReadLevels(sql::Connection& connection, const ObservationQuery& query,
                                  const absl::flat_hash_map<Place, Period>& wanted) {
  Levels levels;
  if (wanted.empty()) return levels;
  Parameters parameters;
  const std::string list = parameters.Add(absl::string_view(WantedList(wanted)));
  const VisibleVintage visible(query, parameters);
  const sql::Dialect dialect = connection.dialect();
  const std::string elements = dialect == sql::Dialect::kPostgres
                                   ? absl::StrCat("json_array_elements(CAST(", list, " AS json))")
                                   : absl::StrCat("json_each(", list, ")");
  CITY_ASSIGN_OR_RETURN(
      sql::Statement rows,
      connection.Prepare(absl::StrCat(
          "SELECT o.series_id, o.period, ", kVintageColumns,
          " FROM (SELECT CAST(value ->> 0 AS BIGINT) AS series_id, "
          "CAST(value ->> 1 AS BIGINT) AS period_last, "
          "CAST(value ->> 2 AS BIGINT) AS period_first, value ->> 3 AS period FROM ",
          elements, ") w CROSS JOIN observations o CROSS JOIN ", visible.Table(dialect),
          " WHERE o.series_id = w.series_id AND o.period_last = w.period_last "
          "AND o.period_first = w.period_first AND o.period = w.period AND ",
          visible.Condition(dialect))));
  parameters.BindTo(rows);
  CITY_RETURN_IF_ERROR(rows.ForEach([&](sql::Statement& row) {
    levels.emplace(Place(row.ColumnInt64(0), row.ColumnString(1)), ReadVintage(row, 2));
  }));
  return levels;
}

// Computes what can be computed of these levels, in their order.
absl::Status ComputeRows(sql::Connection& connection, const ObservationQuery& query,
                         const std::vector<ObservationRow>& rows,
                         std::vector<Observation>& computed) {
  absl::flat_hash_map<Place, Period> wanted;
  for (const ObservationRow& row : rows) {
    const auto compared =
        ComparedPeriod(query.units, row.observation.key.period, query.index_period);
    if (compared.has_value()) wanted.try_emplace({row.series_id, compared->ToString()}, *compared);
  }
  CITY_ASSIGN_OR_RETURN(const Levels levels, ReadLevels(connection, query, wanted));
  for (const ObservationRow& row : rows) {
    const ObservationKey& key = row.observation.key;
    const auto compared = ComparedPeriod(query.units, key.period, query.index_period);
    if (!compared.has_value()) continue;
    const auto level = levels.find(Place(row.series_id, compared->ToString()));
    if (level == levels.end()) continue;
    Observation earlier{.key = key, .vintage = level->second};
    earlier.key.period = *compared;
    std::optional<Observation> result = Compute(query.units, row.observation, earlier);
    if (result.has_value()) computed.push_back(*std::move(result));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ObservationPage> ReadComputedObservations(sql::Connection& connection,
                                                         const ObservationQuery& query) {
  ObservationPage page;
  ObservationQuery round = query;
  for (int i = 0; i < kMaxComputedRounds; ++i) {
    // Never more than the page has room for, so that every level read is also answered.
    round.page_size = query.page_size - static_cast<int>(page.observations.size());
    CITY_ASSIGN_OR_RETURN(std::vector<ObservationRow> rows, ReadObservationRows(connection, round));
    page.more = rows.size() > static_cast<size_t>(round.page_size);
    if (page.more) rows.pop_back();
    if (!rows.empty()) page.last = round.after = rows.back().observation.key;
    CITY_RETURN_IF_ERROR(ComputeRows(connection, query, rows, page.observations));
    if (!page.more || page.observations.size() == static_cast<size_t>(query.page_size)) break;
  }
  return page;
}

}  // namespace cityinfo::metrics
