#include "services/metrics/storage/observation_reader.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/change_feed.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/parameters.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/stored_codes.h"
#include "services/metrics/storage/vintage_table.h"

namespace cityinfo::metrics {
namespace {

// As of which moment, as stored.
std::int64_t MomentOf(const ObservationQuery& query) {
  return query.as_of.has_value() ? ToStored(*query.as_of) : LastMomentBefore(kForever);
}

// Puts the statement for a page together. Series "r", observations "o" and vintages "v" are joined
// in the order of the answer, which is that of their indexes: reading stops at the end of the page.
class PageStatement {
 public:
  PageStatement(sql::Dialect dialect, const ObservationQuery& query)
      : dialect_(dialect),
        query_(query),
        moment_(parameters_.Add(MomentOf(query))),
        published_(query.published_as_of.has_value()
                       ? parameters_.Add(base::DaysSinceEpoch(*query.published_as_of))
                       : "") {
    AddSeriesFilters();
    if (query.last_n == 0) {
      conditions_.emplace_back("o.series_id = r.series_id");
      AddPeriodFilters("o", conditions_);
    } else {
      conditions_.push_back(AmongLastN());
    }
    if (query.after.has_value()) AddPosition(*query.after);
    AddVintage();
    limit_ = parameters_.Add(query.page_size + 1);
  }

  absl::StatusOr<sql::Statement> Prepare(sql::Connection& connection) const {
    CITY_ASSIGN_OR_RETURN(
        sql::Statement statement,
        connection.Prepare(absl::StrCat("SELECT ", kKeyColumns, ", ", kVintageColumns,
                                        " FROM series r CROSS JOIN observations o CROSS JOIN ",
                                        vintage_, " WHERE ", absl::StrJoin(conditions_, " AND "),
                                        " ORDER BY ", kKeyOrder, " LIMIT ", limit_)));
    parameters_.BindTo(statement);
    return statement;
  }

 private:
  template <typename List, typename Stored>
  void AddFilter(absl::string_view column, const List& list, Stored stored) {
    if (list.empty()) return;
    conditions_.push_back(absl::StrCat(column, " IN (", parameters_.AddAll(list, stored), ")"));
  }

  void AddSeriesFilters() {
    const auto text = [](const std::string& value) { return absl::string_view(value); };
    const auto code = [](auto value) { return static_cast<std::int64_t>(StoredCode(value)); };
    AddFilter("r.indicator", query_.indicators, text);
    AddFilter("r.place", query_.places, text);
    AddFilter("r.measure", query_.measures, code);
    AddFilter("r.kind", query_.kinds, code);
  }

  void AddPeriodFilters(absl::string_view table, std::vector<std::string>& conditions) {
    if (query_.period_from.has_value()) {
      conditions.push_back(absl::StrCat(
          table, ".period_last >= ", parameters_.Add(FirstDayNumber(*query_.period_from))));
    }
    if (query_.period_to.has_value()) {
      conditions.push_back(absl::StrCat(
          table, ".period_last <= ", parameters_.Add(LastDayNumber(*query_.period_to))));
    }
  }

  // Vintages "n" of `observation` that stood at the moment and had been published by the day.
  std::string Visible(absl::string_view observation) const {
    return absl::StrCat(
        "n.observation_id = ", observation, ".observation_id AND n.record_from <= ", moment_,
        " AND n.superseded_at > ", moment_,
        published_.empty() ? "" : absl::StrCat(" AND n.publish_day <= ", published_));
  }

  // Of one key the newest published vintage counts; the others are its past. PostgreSQL would
  // compare the whole table with what the subquery gives, SQLite has no LATERAL.
  void AddVintage() {
    const std::string newest = absl::StrCat(" FROM vintages n WHERE ", Visible("o"),
                                            " ORDER BY n.publish_day DESC LIMIT 1");
    if (dialect_ == sql::Dialect::kPostgres) {
      vintage_ = absl::StrCat("LATERAL (SELECT n.*", newest, ") v");
    } else {
      vintage_ = "vintages v";
      conditions_.push_back(absl::StrCat("v.vintage_id = (SELECT n.vintage_id", newest, ")"));
    }
  }

  // Whether "o" is among the newest periods of its series for which something is known.
  std::string AmongLastN() {
    std::vector<std::string> conditions = {"p.series_id = r.series_id"};
    AddPeriodFilters("p", conditions);
    const std::string newest = absl::StrCat(
        "SELECT p.observation_id FROM observations p WHERE ", absl::StrJoin(conditions, " AND "),
        " AND EXISTS (SELECT 1 FROM vintages n WHERE ", Visible("p"),
        ") ORDER BY p.period_last DESC, p.period_first DESC, p.period DESC LIMIT ",
        parameters_.Add(query_.last_n));
    // Both run this once a series. PostgreSQL would run it for every observation, were it not an
    // array.
    return dialect_ == sql::Dialect::kPostgres
               ? absl::StrCat("o.observation_id = ANY (ARRAY(", newest, "))")
               : absl::StrCat("o.observation_id IN (", newest, ")");
  }

  void AddPosition(const ObservationKey& after) {
    const std::string series = absl::StrCat(
        parameters_.Add(after.indicator), ", ", parameters_.Add(after.place), ", ",
        parameters_.Add(StoredCode(after.measure)), ", ", parameters_.Add(StoredCode(after.kind)));
    // The first lets the index of series begin there, the second is exact.
    conditions_.push_back(
        absl::StrCat("(r.indicator, r.place, r.measure, r.kind) >= (", series, ")"));
    conditions_.push_back(absl::StrCat("(", kKeyOrder, ") > (", series, ", ",
                                       parameters_.Add(LastDayNumber(after.period)), ", ",
                                       parameters_.Add(FirstDayNumber(after.period)), ", ",
                                       parameters_.Add(after.period.ToString()), ")"));
  }

  const sql::Dialect dialect_;
  const ObservationQuery& query_;
  Parameters parameters_;
  const std::string moment_;
  const std::string published_;  // empty: whenever
  std::vector<std::string> conditions_;
  std::string vintage_;  // "v", to join
  std::string limit_;
};

}  // namespace

absl::StatusOr<ObservationPage> ReadObservations(sql::Connection& connection,
                                                 const ObservationQuery& query) {
  ObservationPage page;
  std::vector<std::int64_t> ids;
  {
    CITY_ASSIGN_OR_RETURN(sql::Statement rows,
                          PageStatement(connection.dialect(), query).Prepare(connection));
    CITY_RETURN_IF_ERROR(rows.ForEach([&](sql::Statement& row) -> absl::Status {
      CITY_ASSIGN_OR_RETURN(ObservationKey key, ReadKey(row, 0));
      ids.push_back(row.ColumnInt64(kKeyColumnCount));
      page.observations.push_back(
          {.key = std::move(key), .vintage = ReadVintage(row, kKeyColumnCount)});
      return absl::OkStatus();
    }));
  }
  page.more = ids.size() > static_cast<size_t>(query.page_size);
  if (page.more) {
    page.observations.pop_back();
    CITY_ASSIGN_OR_RETURN(page.seen, NewestVersion(connection, query.indicators));
  }
  absl::flat_hash_map<std::int64_t, Vintage*> uncited;
  for (size_t i = 0; i < page.observations.size(); ++i) {
    uncited[ids[i]] = &page.observations[i].vintage;
  }
  CITY_RETURN_IF_ERROR(
      VintageTable(connection).LoadBacking(uncited, MomentOf(query), query.published_as_of));
  return page;
}

}  // namespace cityinfo::metrics
