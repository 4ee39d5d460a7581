#include "services/metrics/storage/observation_rows.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/parameters.h"
#include "services/metrics/storage/stored_codes.h"
#include "services/metrics/storage/vintage_table.h"
#include "services/metrics/storage/visible_vintage.h"

namespace cityinfo::metrics {
namespace {

// True of the periods of this kind. Their texts tell, and stand in the index of a series.
std::string HasGranularity(const std::string& period, Granularity granularity) {
  const auto of = [&](int length, absl::string_view besides) {
    return absl::StrCat("(length(", period, ") = ", length, besides, ")");
  };
  const auto unit = [&](absl::string_view letters) {
    return of(7, absl::StrCat(" AND substr(", period, ", 6, 1) IN (", letters, ")"));
  };
  const std::string from_january = absl::StrCat("(substr(", period, ", 6, 2) = '01' AND substr(",
                                                period, ", 1, 4) = substr(", period, ", 9, 4))");
  switch (granularity) {
    case Granularity::kYearly:
      return of(4, "");
    case Granularity::kHalfYearly:
      return unit("'H'");
    case Granularity::kQuarterly:
      return unit("'Q'");
    case Granularity::kMonthly:
      return unit("'0', '1'");
    case Granularity::kDaily:
      return of(10, "");
    case Granularity::kCumulativeMonths:
      return of(15, absl::StrCat(" AND ", from_january));
    case Granularity::kMonthSpan:
      return of(15, absl::StrCat(" AND NOT ", from_january));
    case Granularity::kYearSpan:
      return of(9, "");
  }
  return "FALSE";
}

// Puts the statement for a page together. Series "r", observations "o" and vintages "v" are joined
// in the order of the answer, which is that of their indexes: reading stops at the end of the page.
class PageStatement {
 public:
  PageStatement(sql::Dialect dialect, const ObservationQuery& query)
      : dialect_(dialect), query_(query), visible_(query, parameters_) {
    AddSeriesFilters();
    if (query.last_n == 0) {
      conditions_.emplace_back("o.series_id = r.series_id");
      AddPeriodFilters("o", conditions_);
    } else {
      conditions_.push_back(AmongLastN());
    }
    if (query.after.has_value()) AddPosition(*query.after);
    conditions_.push_back(visible_.Condition(dialect));
    limit_ = parameters_.Add(query.page_size + 1);
  }

  absl::StatusOr<sql::Statement> Prepare(sql::Connection& connection) const {
    CITY_ASSIGN_OR_RETURN(
        sql::Statement statement,
        connection.Prepare(absl::StrCat("SELECT r.series_id, ", kKeyColumns, ", ", kVintageColumns,
                                        " FROM series r CROSS JOIN observations o CROSS JOIN ",
                                        visible_.Table(dialect_), " WHERE ",
                                        absl::StrJoin(conditions_, " AND "), " ORDER BY ",
                                        kKeyOrder, " LIMIT ", limit_)));
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
    if (query_.granularities.empty()) return;
    std::vector<std::string> kinds;
    for (const Granularity granularity : query_.granularities) {
      kinds.push_back(HasGranularity(absl::StrCat(table, ".period"), granularity));
    }
    // PostgreSQL takes an equality of an expression for very rare and would sort the whole series
    // for the newest of it; of a CASE it thinks nothing and reads the index from its end.
    conditions.push_back(
        absl::StrCat("CASE WHEN ", absl::StrJoin(kinds, " OR "), " THEN TRUE ELSE FALSE END"));
  }

  // Whether "o" is among the newest periods of its series for which something is known.
  std::string AmongLastN() {
    std::vector<std::string> conditions = {"p.series_id = r.series_id"};
    AddPeriodFilters("p", conditions);
    const std::string newest = absl::StrCat(
        "SELECT p.observation_id FROM observations p WHERE ", absl::StrJoin(conditions, " AND "),
        " AND EXISTS (SELECT 1 FROM vintages n WHERE ", visible_.SeenOf("p"),
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
  const VisibleVintage visible_;
  std::vector<std::string> conditions_;
  std::string limit_;
};

}  // namespace

absl::StatusOr<std::vector<ObservationRow>> ReadObservationRows(sql::Connection& connection,
                                                                const ObservationQuery& query) {
  std::vector<ObservationRow> found;
  CITY_ASSIGN_OR_RETURN(sql::Statement rows,
                        PageStatement(connection.dialect(), query).Prepare(connection));
  CITY_RETURN_IF_ERROR(rows.ForEach([&](sql::Statement& row) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(ObservationKey key, ReadKey(row, 1));
    found.push_back(
        {.series_id = row.ColumnInt64(0),
         .vintage_id = row.ColumnInt64(1 + kKeyColumnCount),
         .observation = {.key = std::move(key), .vintage = ReadVintage(row, 1 + kKeyColumnCount)}});
    return absl::OkStatus();
  }));
  return found;
}

}  // namespace cityinfo::metrics
