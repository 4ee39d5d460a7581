#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/event.h"
#include "services/metrics/domain/event_query.h"

namespace cityinfo::metrics {

// Makes `events` all that the article tells, in place of what it told before; needs the writer.
// INVALID_ARGUMENT (EVENT_WITHOUT_ID).
absl::Status ReplaceEvents(sql::Connection& connection, const std::string& article,
                           const std::vector<Event>& events);

// Answers MetricStore::ListEvents inside a read transaction that the caller holds: one statement,
// one more when another page follows.
absl::StatusOr<EventPage> ReadEvents(sql::Connection& connection, const EventQuery& query);

// The newest record time that the page before has shown; INVALID_ARGUMENT for a position that is
// not ours.
absl::StatusOr<absl::Time> SeenBefore(const EventQuery& query);

}  // namespace cityinfo::metrics
