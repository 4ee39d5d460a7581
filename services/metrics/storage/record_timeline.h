#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/clock.h"
#include "platform/sql/database.h"
#include "services/metrics/domain/record_clock.h"
#include "services/metrics/storage/store_progress.h"

namespace cityinfo::metrics {

// The record times of one write. It must live until the transaction has ended, committed or not.
struct RecordTimes {
  absl::Time first;
  std::optional<RecordClock::Write> under_way;

  // Of the write's nth change.
  absl::Time time(int change) const { return first + change * absl::Microseconds(1); }
};

// Gives every write its record times and keeps the promise that an answer given `as_of` a past
// moment never changes: a write records later than every write before it and later than every
// moment asked about before it; a question about a moment waits for a write under way that might
// record at or before it. Thread-safe. See docs/adr/0010.
class RecordTimeline {
 public:
  virtual ~RecordTimeline() = default;

  // Inside a write transaction that has read `progress`, for so many changes.
  virtual RecordTimes BeginWrite(const StoreProgress& progress, int changes) = 0;

  // Call before opening the snapshot that answers a question as of `moment`. After OK, what was
  // recorded up to `moment` is committed and final. INVALID_ARGUMENT (as_of) for a moment in the
  // future, DEADLINE_EXCEEDED when the write under way does not end in time.
  virtual absl::Status Settle(absl::Time moment, absl::Time deadline) = 0;

  // Somebody recorded at that time, here or elsewhere.
  virtual void Learn(absl::Time recorded) = 0;
};

// For a database that this process has to itself: everything is in memory and costs nothing.
std::unique_ptr<RecordTimeline> MakeProcessTimeline(const base::Clock& clock,
                                                    absl::Time last_recorded);

// For a database with any number of writers, whose clocks may differ and jump: what was recorded
// and what was asked about stand in the database. A question about a moment up to which it was
// recorded or asked before costs nothing, or one statement when this process does not know of it
// yet; one about a later moment is noted in the database first, in a turn among the writes. Whether
// a moment lies in the future is decided by the database's clock, which all processes share. Both
// must outlive it.
std::unique_ptr<RecordTimeline> MakeSharedTimeline(const base::Clock& clock,
                                                   sql::Database& database);

}  // namespace cityinfo::metrics
