#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/base/date.h"
#include "services/metrics/domain/event.h"

namespace cityinfo::metrics {

// Where a page of events ended and which state of the store it showed. Opaque to everyone but the
// store.
using EventPosition = std::string;

struct EventQuery {
  static constexpr int kDefaultPageSize = 50;
  static constexpr int kMaxPageSize = 500;

  std::string place;               // empty: any
  std::string article;             // "articles/{id}"; empty: any
  std::optional<base::Date> from;  // events that may have been on this day or later
  std::optional<base::Date> to;    // events that may have been on this day or earlier
  int page_size = kDefaultPageSize;
  std::optional<EventPosition> after;
};

struct EventPage {
  // By date, newest first: what is dated to a month comes behind the days of that month, what is
  // dated to a year behind its months. Then by publish date, newest first, article and place in it.
  std::vector<Event> events;
  std::optional<EventPosition> next;
};

}  // namespace cityinfo::metrics
