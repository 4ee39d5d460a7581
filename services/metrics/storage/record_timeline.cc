#include "services/metrics/storage/record_timeline.h"

#include <algorithm>

#include "platform/base/status_macros.h"
#include "platform/sql/run_transaction.h"
#include "services/metrics/storage/database_clock.h"
#include "services/metrics/storage/rising_number.h"
#include "services/metrics/storage/schema.h"

namespace cityinfo::metrics {
namespace {

// The longest a question waits for its turn among the writes, whatever its own deadline.
constexpr absl::Duration kTurnWait = absl::Seconds(10);

class ProcessTimeline final : public RecordTimeline {
 public:
  ProcessTimeline(const base::Clock& clock, absl::Time last_recorded)
      : clock_(clock, last_recorded) {}

  RecordTimes BeginWrite(const StoreProgress&, int changes) override {
    RecordClock::Write write = clock_.BeginWrite(changes);
    const absl::Time first = write.time();
    return {.first = first, .under_way = std::move(write)};
  }

  absl::Status Settle(absl::Time moment, absl::Time deadline) override {
    return clock_.Settle(moment, deadline);
  }

  void Learn(absl::Time) override {}

 private:
  RecordClock clock_;
};

// Why this holds: writers and whoever raises asked_floor take turns (sql::TransactionMode::kWrite),
// so a write sees every moment noted before it and records later; and whoever has noted a moment,
// or sees that one at or after it was recorded or noted, sees every write that recorded before.
class SharedTimeline final : public RecordTimeline {
 public:
  SharedTimeline(const base::Clock& clock, sql::Database& database)
      : clock_(clock), database_(database) {}

  RecordTimes BeginWrite(const StoreProgress& progress, int) override {
    const std::int64_t newest = std::max(progress.last_record_time, progress.asked_floor);
    return {.first = FromStored(std::max(ToStored(clock_.Now()), newest + 1))};
  }

  absl::Status Settle(absl::Time moment, absl::Time deadline) override {
    const std::int64_t asked = ToStored(moment);
    if (asked <= final_until_.value()) return absl::OkStatus();
    CITY_ASSIGN_OR_RETURN(const bool is_final, LooksFinal(asked, deadline));
    if (is_final) return absl::OkStatus();
    CITY_RETURN_IF_ERROR(sql::InWrite(database_, std::min(deadline, absl::Now() + kTurnWait),
                                      [&](sql::Connection& connection) {
                                        return connection.Run(
                                            "UPDATE progress SET asked_floor = ?1 "
                                            "WHERE asked_floor < ?1",
                                            asked);
                                      }));
    final_until_.Raise(asked);
    return absl::OkStatus();
  }

  void Learn(absl::Time recorded) override { final_until_.Raise(ToStored(recorded)); }

 private:
  // Whether what was recorded up to the moment is final already.
  absl::StatusOr<bool> LooksFinal(std::int64_t asked, absl::Time deadline) {
    CITY_ASSIGN_OR_RETURN(sql::Lease reader, database_.Read(deadline));
    CITY_ASSIGN_OR_RETURN(const StoreProgress progress, ReadStoreProgress(*reader));
    final_until_.Raise(std::max(progress.last_record_time, progress.asked_floor));
    if (asked <= final_until_.value()) return true;
    CITY_ASSIGN_OR_RETURN(const absl::Time now, DatabaseNow(*reader, clock_));
    if (FromStored(asked) > now) return MomentInFuture(FromStored(asked));
    return false;
  }

  const base::Clock& clock_;
  sql::Database& database_;
  // What was recorded up to here is final, as far as this process knows.
  RisingNumber final_until_;
};

}  // namespace

std::unique_ptr<RecordTimeline> MakeProcessTimeline(const base::Clock& clock,
                                                    absl::Time last_recorded) {
  return std::make_unique<ProcessTimeline>(clock, last_recorded);
}

std::unique_ptr<RecordTimeline> MakeSharedTimeline(const base::Clock& clock,
                                                   sql::Database& database) {
  return std::make_unique<SharedTimeline>(clock, database);
}

}  // namespace cityinfo::metrics
