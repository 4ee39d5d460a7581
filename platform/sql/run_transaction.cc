#include "platform/sql/run_transaction.h"

#include "platform/base/error.h"

namespace cityinfo::sql {
namespace {

constexpr int kMostRetries = 5;

}  // namespace

bool IsConflict(const absl::Status& status) {
  return absl::IsAborted(status) && base::ErrorReason(status) == "WRITE_CONFLICT";
}

absl::Status StillAwaited(absl::Time deadline) {
  if (absl::Now() < deadline) return absl::OkStatus();
  return base::DeadlineExceeded("the caller's time was up before the write was done");
}

namespace internal {

base::Backoff ConflictBackoff() {
  return base::Backoff({.initial = absl::Milliseconds(5), .max = absl::Milliseconds(100)});
}

bool MayBeTheStandbys(const absl::Status& status) {
  return IsConflict(status) || absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsInternal(status) || absl::IsResourceExhausted(status) || absl::IsDataLoss(status);
}

bool PauseBeforeRetry(const absl::Status& status, absl::Time deadline, base::Backoff& backoff) {
  if (!IsConflict(status) || backoff.attempts() >= kMostRetries) return false;
  const absl::Duration pause = backoff.Next();
  if (absl::Now() + pause >= deadline) return false;
  absl::SleepFor(pause);
  return true;
}

}  // namespace internal
}  // namespace cityinfo::sql
