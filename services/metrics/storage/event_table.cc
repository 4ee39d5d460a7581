#include "services/metrics/storage/event_table.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "platform/base/date.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/parameters.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/store_progress.h"

namespace cityinfo::metrics {
namespace {

constexpr char kColumns[] =
    "event_id, date, end_date, date_precision, place, summary, planned, article, revision, block, "
    "quote_start, quote_end, quote, date_start, date_end, article_title, publication, page, "
    "publish_day";

std::int64_t ToStoredDate(const base::Date& date) {
  return date.year * 10000 + date.month * 100 + date.day;
}

base::Date FromStoredDate(std::int64_t stored) {
  return {static_cast<int>(stored / 10000), static_cast<int>(stored / 100 % 100),
          static_cast<int>(stored % 100)};
}

Event ReadEvent(const sql::Statement& row) {
  Event event{.id = row.ColumnString(0), .date = FromStoredDate(row.ColumnInt64(1))};
  if (row.ColumnInt64(2) != 0) event.end_date = FromStoredDate(row.ColumnInt64(2));
  event.precision = static_cast<DatePrecision>(row.ColumnInt64(3));
  event.place = row.ColumnString(4);
  event.summary = row.ColumnString(5);
  event.planned = row.ColumnBool(6);
  Citation& citation = event.citation;
  citation.article = row.ColumnString(7);
  citation.revision = row.ColumnInt64(8);
  citation.block = static_cast<int>(row.ColumnInt64(9));
  citation.start = row.ColumnInt64(10);
  citation.end = row.ColumnInt64(11);
  citation.quote = row.ColumnString(12);
  citation.value_start = row.ColumnInt64(13);
  citation.value_end = row.ColumnInt64(14);
  citation.article_title = row.ColumnString(15);
  citation.publication = row.ColumnString(16);
  citation.page = row.ColumnString(17);
  citation.publish_date = base::DateFromDays(row.ColumnInt64(18));
  return event;
}

// The keyset of the list: its order with the id as the last resort.
struct Position {
  std::int64_t date = 0;
  std::int64_t publish_day = 0;
  std::string article;
  std::int64_t block = 0;
  std::int64_t date_start = 0;
  std::string event_id;
  std::int64_t seen = 0;  // last_record_time of the state the page showed
};

EventPosition Encode(const Event& event, std::int64_t seen) {
  const Citation& citation = event.citation;
  return absl::StrCat(ToStoredDate(event.date), "|", base::DaysSinceEpoch(citation.publish_date),
                      "|", citation.article, "|", citation.block, "|", citation.value_start, "|",
                      event.id, "|", seen);
}

absl::StatusOr<Position> Decode(const EventPosition& text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '|');
  Position position;
  if (parts.size() != 7 || !absl::SimpleAtoi(parts[0], &position.date) ||
      !absl::SimpleAtoi(parts[1], &position.publish_day) ||
      !absl::SimpleAtoi(parts[3], &position.block) ||
      !absl::SimpleAtoi(parts[4], &position.date_start) ||
      !absl::SimpleAtoi(parts[6], &position.seen)) {
    return base::InvalidArgument("page_token", "it is no position in a list of events",
                                 "INVALID_PAGE_TOKEN");
  }
  position.article = std::string(parts[2]);
  position.event_id = std::string(parts[5]);
  return position;
}

absl::StatusOr<sql::Statement> PrepareList(sql::Connection& connection, const EventQuery& query) {
  Parameters parameters;
  std::vector<std::string> conditions = {"1 = 1"};
  const auto equals = [&](absl::string_view column, absl::string_view value) {
    if (value.empty()) return;
    conditions.push_back(absl::StrCat(column, " = ", parameters.Add(value)));
  };
  equals("place", query.place);
  equals("article", query.article);
  if (query.from.has_value()) {
    conditions.push_back(
        absl::StrCat("last_day >= ", parameters.Add(base::DaysSinceEpoch(*query.from))));
  }
  if (query.to.has_value()) {
    // The second is implied and finds the place in the index.
    conditions.push_back(
        absl::StrCat("first_day <= ", parameters.Add(base::DaysSinceEpoch(*query.to)),
                     " AND date <= ", parameters.Add(ToStoredDate(*query.to))));
  }
  if (query.after.has_value()) {
    CITY_ASSIGN_OR_RETURN(const Position after, Decode(*query.after));
    const std::string date = parameters.Add(after.date);
    const std::string day = parameters.Add(after.publish_day);
    conditions.push_back(absl::StrCat(
        "date <= ", date, " AND (date < ", date, " OR publish_day < ", day,
        " OR (publish_day = ", day, " AND (article, block, date_start, event_id) > (",
        parameters.Add(after.article), ", ", parameters.Add(after.block), ", ",
        parameters.Add(after.date_start), ", ", parameters.Add(after.event_id), ")))"));
  }
  CITY_ASSIGN_OR_RETURN(
      sql::Statement list,
      connection.Prepare(absl::StrCat(
          "SELECT ", kColumns, " FROM events WHERE ", absl::StrJoin(conditions, " AND "),
          " ORDER BY date DESC, publish_day DESC, article, block, date_start, event_id LIMIT ",
          parameters.Add(query.page_size + 1))));
  parameters.BindTo(list);
  return list;
}

}  // namespace

absl::Status ReplaceEvents(sql::Connection& connection, const std::string& article,
                           const std::vector<Event>& events) {
  CITY_RETURN_IF_ERROR(connection.Run("DELETE FROM events WHERE article = ?", article));
  for (const Event& event : events) {
    if (event.id.empty()) {
      return base::InvalidArgument("events", "an event has no id", "EVENT_WITHOUT_ID");
    }
    const Citation& citation = event.citation;
    CITY_RETURN_IF_ERROR(connection.Run(
        absl::StrCat("INSERT INTO events (", kColumns,
                     ", first_day, last_day) VALUES "
                     "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        event.id, ToStoredDate(event.date),
        event.end_date.has_value() ? ToStoredDate(*event.end_date) : 0,
        static_cast<int>(event.precision), event.place, event.summary, event.planned, article,
        citation.revision, citation.block, citation.start, citation.end, citation.quote,
        citation.value_start, citation.value_end, citation.article_title, citation.publication,
        citation.page, base::DaysSinceEpoch(citation.publish_date),
        base::DaysSinceEpoch(FirstDay(event)), base::DaysSinceEpoch(LastDay(event))));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Time> SeenBefore(const EventQuery& query) {
  if (!query.after.has_value()) return absl::InfinitePast();
  CITY_ASSIGN_OR_RETURN(const Position after, Decode(*query.after));
  return FromStored(after.seen);
}

absl::StatusOr<EventPage> ReadEvents(sql::Connection& connection, const EventQuery& query) {
  EventPage page;
  {
    CITY_ASSIGN_OR_RETURN(sql::Statement list, PrepareList(connection, query));
    CITY_RETURN_IF_ERROR(
        list.ForEach([&](sql::Statement& row) { page.events.push_back(ReadEvent(row)); }));
  }
  if (page.events.size() > static_cast<size_t>(query.page_size)) {
    page.events.pop_back();
    CITY_ASSIGN_OR_RETURN(const StoreProgress progress, ReadStoreProgress(connection));
    page.next = Encode(page.events.back(), progress.last_record_time);
  }
  return page;
}

}  // namespace cityinfo::metrics
