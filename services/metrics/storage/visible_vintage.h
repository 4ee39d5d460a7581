#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "platform/base/date.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/observation_query.h"
#include "services/metrics/storage/parameters.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/vintage_table.h"

namespace cityinfo::metrics {

// As of which moment a question is asked, as stored.
inline std::int64_t MomentOf(const ObservationQuery& query) {
  return query.as_of.has_value() ? ToStored(*query.as_of) : LastMomentBefore(kForever);
}

// The parts of a statement that find the vintage which a question sees of each observation: of
// those that stood at the moment and had been published by the day, the newest published. The
// others are its past.
class VisibleVintage {
 public:
  VisibleVintage(const ObservationQuery& query, Parameters& parameters)
      : moment_(parameters.Add(MomentOf(query))),
        published_(query.published_as_of.has_value()
                       ? parameters.Add(base::DaysSinceEpoch(*query.published_as_of))
                       : "") {}

  // True of a vintage "n" that the question sees of this observation.
  std::string SeenOf(absl::string_view observation) const {
    return absl::StrCat(
        "n.observation_id = ", observation, ".observation_id AND n.record_from <= ", moment_,
        " AND n.superseded_at > ", moment_,
        published_.empty() ? "" : absl::StrCat(" AND n.publish_day <= ", published_));
  }

  // What joins the newest as "v" to observations "o", and what must be true besides. PostgreSQL
  // would compare the whole table with what the subquery gives, SQLite has no LATERAL.
  std::string Table(sql::Dialect dialect) const {
    return dialect == sql::Dialect::kPostgres ? absl::StrCat("LATERAL (SELECT n.*", Newest(), ") v")
                                              : "vintages v";
  }
  std::string Condition(sql::Dialect dialect) const {
    return dialect == sql::Dialect::kPostgres
               ? "TRUE"
               : absl::StrCat("v.vintage_id = (SELECT n.vintage_id", Newest(), ")");
  }

 private:
  std::string Newest() const {
    return absl::StrCat(" FROM vintages n WHERE ", SeenOf("o"),
                        " ORDER BY n.publish_day DESC LIMIT 1");
  }

  const std::string moment_;
  const std::string published_;  // empty: whenever
};

}  // namespace cityinfo::metrics
