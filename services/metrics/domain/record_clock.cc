#include "services/metrics/domain/record_clock.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"

namespace cityinfo::metrics {
namespace {

absl::Time WholeMicros(absl::Time time) { return absl::FromUnixMicros(absl::ToUnixMicros(time)); }

}  // namespace

RecordClock::RecordClock(const base::Clock& clock, absl::Time last_recorded)
    : clock_(clock), newest_(last_recorded) {}

RecordClock::Write::~Write() {
  if (owner_ != nullptr) owner_->EndWrite();
}

RecordClock::Write RecordClock::BeginWrite(int changes) {
  absl::MutexLock lock(&mutex_);
  const absl::Time first = std::max(WholeMicros(clock_.Now()), newest_ + absl::Microseconds(1));
  newest_ = first + (changes - 1) * absl::Microseconds(1);
  under_way_ = first;
  return Write(this, first);
}

void RecordClock::EndWrite() {
  absl::MutexLock lock(&mutex_);
  under_way_.reset();
}

absl::Status RecordClock::Settle(absl::Time moment, absl::Time deadline) {
  const absl::Time now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  // What was recorded or asked about is past, though the clock may have gone back since.
  if (moment > std::max(now, newest_)) return MomentInFuture(moment);
  newest_ = std::max(newest_, WholeMicros(moment));
  const auto settled = [this, moment]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return !under_way_.has_value() || *under_way_ > moment;
  };
  if (!mutex_.AwaitWithDeadline(absl::Condition(&settled), deadline)) {
    return base::DeadlineExceeded("the write under way did not end in time");
  }
  return absl::OkStatus();
}

absl::Status MomentInFuture(absl::Time moment) {
  return base::InvalidArgument(
      "as_of",
      absl::StrCat(absl::FormatTime(moment, absl::UTCTimeZone()),
                   " lies in the future: what will be known then is not known now"),
      "MOMENT_IN_FUTURE");
}

}  // namespace cityinfo::metrics
