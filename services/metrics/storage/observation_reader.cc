#include "services/metrics/storage/observation_reader.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/stored_codes.h"
#include "services/metrics/storage/vintage_table.h"

namespace cityinfo::metrics {
namespace {

constexpr std::int64_t kFirstDay = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kLastDay = std::numeric_limits<std::int64_t>::max();

// "column IN (?, ?)" for `count` values.
std::string InList(absl::string_view column, size_t count) {
  return absl::StrCat(column, " IN (",
                      absl::StrJoin(std::vector<absl::string_view>(count, "?"), ", "), ")");
}

}  // namespace

ObservationReader::ObservationReader(sqlite::Connection& connection, const ObservationQuery& query)
    : connection_(connection),
      query_(query),
      moment_(query.as_of.has_value() ? ToStored(*query.as_of) : LastMomentBefore(kForever)) {}

absl::StatusOr<sqlite::Statement> ObservationReader::PrepareSeries() {
  std::vector<std::string> conditions;
  if (!query_.indicators.empty()) {
    conditions.push_back(InList("indicator", query_.indicators.size()));
  }
  if (!query_.places.empty()) conditions.push_back(InList("place", query_.places.size()));
  if (!query_.measures.empty()) conditions.push_back(InList("measure", query_.measures.size()));
  if (!query_.kinds.empty()) conditions.push_back(InList("kind", query_.kinds.size()));
  if (query_.after.has_value()) {
    conditions.emplace_back("(indicator, place, measure, kind) >= (?, ?, ?, ?)");
  }
  CITY_ASSIGN_OR_RETURN(sqlite::Statement statement,
                        connection_.Prepare(absl::StrCat(
                            "SELECT series_id, indicator, place, measure, kind FROM series",
                            conditions.empty() ? "" : " WHERE ", absl::StrJoin(conditions, " AND "),
                            " ORDER BY indicator, place, measure, kind")));
  int index = 0;
  for (const std::string& indicator : query_.indicators) statement.Bind(++index, indicator);
  for (const std::string& place : query_.places) statement.Bind(++index, place);
  for (const Measure measure : query_.measures) statement.Bind(++index, StoredCode(measure));
  for (const Kind kind : query_.kinds) statement.Bind(++index, StoredCode(kind));
  if (query_.after.has_value()) {
    statement.Bind(++index, query_.after->indicator);
    statement.Bind(++index, query_.after->place);
    statement.Bind(++index, StoredCode(query_.after->measure));
    statement.Bind(++index, StoredCode(query_.after->kind));
  }
  return statement;
}

bool ObservationReader::ResumesIn(const Series& series) const {
  return query_.after.has_value() && query_.after->indicator == series.key.indicator &&
         query_.after->place == series.key.place && query_.after->measure == series.key.measure &&
         query_.after->kind == series.key.kind;
}

absl::StatusOr<std::vector<ObservationReader::Found>> ObservationReader::ScanSeries(
    const Series& series, bool newest_first, size_t limit) {
  const char* const direction = newest_first ? "DESC" : "ASC";
  CITY_ASSIGN_OR_RETURN(sqlite::Statement rows,
                        connection_.Prepare(absl::StrCat(
                            "SELECT o.observation_id, o.period, ", kVintageColumns,
                            " FROM observations o JOIN vintages v USING (observation_id)"
                            " WHERE o.series_id = ? AND o.period_last >= ? AND o.period_last <= ?"
                            " AND (o.period_last, o.period_first, o.period) > (?, ?, ?)"
                            " AND v.publish_day <= ? AND v.record_from <= ? AND v.superseded_at > ?"
                            " ORDER BY o.period_last ",
                            direction, ", o.period_first ", direction, ", o.period ", direction,
                            ", v.publish_day DESC")));
  // last_n counts from the end of the whole series, so the position cuts only afterwards.
  const bool resumes = ResumesIn(series) && !newest_first;
  rows.BindAll(
      series.id, query_.period_from.has_value() ? FirstDayNumber(*query_.period_from) : kFirstDay,
      query_.period_to.has_value() ? LastDayNumber(*query_.period_to) : kLastDay,
      resumes ? LastDayNumber(query_.after->period) : kFirstDay,
      resumes ? FirstDayNumber(query_.after->period) : kFirstDay,
      resumes ? query_.after->period.ToString() : std::string(),
      query_.published_as_of.has_value() ? base::DaysSinceEpoch(*query_.published_as_of) : kLastDay,
      moment_, moment_);
  std::vector<Found> found;
  std::int64_t last_row = 0;
  while (true) {
    CITY_ASSIGN_OR_RETURN(const bool more, rows.Step());
    if (!more) break;
    // Of one key the first row is the newest published; the others are its past.
    if (rows.ColumnInt64(0) == last_row) continue;
    if (found.size() == limit) break;
    last_row = rows.ColumnInt64(0);
    Found next{.vintage_id = rows.ColumnInt64(2),
               .observation = {.key = series.key, .vintage = ReadVintage(rows, 2)}};
    CITY_ASSIGN_OR_RETURN(next.observation.key.period, Period::Parse(rows.ColumnText(1)));
    found.push_back(std::move(next));
  }
  return found;
}

absl::Status ObservationReader::ReadSeries(const Series& series, std::vector<Found>& found) {
  const size_t wanted = static_cast<size_t>(query_.page_size) + 1 - found.size();
  if (query_.last_n == 0) {
    CITY_ASSIGN_OR_RETURN(std::vector<Found> scanned, ScanSeries(series, false, wanted));
    std::move(scanned.begin(), scanned.end(), std::back_inserter(found));
    return absl::OkStatus();
  }
  CITY_ASSIGN_OR_RETURN(std::vector<Found> newest,
                        ScanSeries(series, true, static_cast<size_t>(query_.last_n)));
  std::reverse(newest.begin(), newest.end());
  for (Found& next : newest) {
    if (ResumesIn(series) && !(*query_.after < next.observation.key)) continue;
    if (found.size() > static_cast<size_t>(query_.page_size)) break;
    found.push_back(std::move(next));
  }
  return absl::OkStatus();
}

absl::StatusOr<ObservationPage> ObservationReader::Read() {
  CITY_ASSIGN_OR_RETURN(sqlite::Statement rows, PrepareSeries());
  std::vector<Found> found;
  while (found.size() <= static_cast<size_t>(query_.page_size)) {
    CITY_ASSIGN_OR_RETURN(const bool more, rows.Step());
    if (!more) break;
    const Series series{.id = rows.ColumnInt64(0),
                        .key = {.indicator = rows.ColumnString(1),
                                .place = rows.ColumnString(2),
                                .measure = MeasureFromCode(rows.ColumnInt64(3)),
                                .kind = KindFromCode(rows.ColumnInt64(4))}};
    CITY_RETURN_IF_ERROR(ReadSeries(series, found));
  }
  ObservationPage page;
  page.more = found.size() > static_cast<size_t>(query_.page_size);
  if (page.more) found.resize(static_cast<size_t>(query_.page_size));
  VintageTable vintages(connection_);
  for (Found& next : found) {
    CITY_RETURN_IF_ERROR(vintages.LoadBacking(next.vintage_id, moment_, query_.published_as_of,
                                              next.observation.vintage));
    page.observations.push_back(std::move(next.observation));
  }
  return page;
}

}  // namespace cityinfo::metrics
