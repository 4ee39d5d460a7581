#include "services/metrics/storage/observation_reader.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "platform/base/status_macros.h"
#include "services/metrics/domain/units.h"
#include "services/metrics/storage/change_feed.h"
#include "services/metrics/storage/computed_observation_reader.h"
#include "services/metrics/storage/observation_rows.h"
#include "services/metrics/storage/vintage_table.h"
#include "services/metrics/storage/visible_vintage.h"

namespace cityinfo::metrics {
namespace {

absl::StatusOr<ObservationPage> ReadPublished(sql::Connection& connection,
                                              const ObservationQuery& query) {
  CITY_ASSIGN_OR_RETURN(std::vector<ObservationRow> rows, ReadObservationRows(connection, query));
  ObservationPage page;
  page.more = rows.size() > static_cast<size_t>(query.page_size);
  if (page.more) rows.pop_back();
  if (rows.empty()) return page;
  absl::flat_hash_map<std::int64_t, Vintage*> uncited;
  page.observations.reserve(rows.size());
  for (ObservationRow& row : rows) {
    page.observations.push_back(std::move(row.observation));
    uncited[row.vintage_id] = &page.observations.back().vintage;
  }
  page.last = page.observations.back().key;
  CITY_RETURN_IF_ERROR(
      VintageTable(connection).LoadBacking(uncited, MomentOf(query), query.published_as_of));
  return page;
}

}  // namespace

absl::StatusOr<ObservationPage> ReadObservations(sql::Connection& connection,
                                                 const ObservationQuery& query) {
  CITY_ASSIGN_OR_RETURN(ObservationPage page, query.units == Units::kLin
                                                  ? ReadPublished(connection, query)
                                                  : ReadComputedObservations(connection, query));
  // An answer as of a moment is final: its next page needs to have seen nothing else, and what it
  // says of that page must not change with what came later.
  if (page.more && !query.as_of.has_value()) {
    CITY_ASSIGN_OR_RETURN(page.seen, NewestVersion(connection, query.indicators));
  }
  return page;
}

}  // namespace cityinfo::metrics
