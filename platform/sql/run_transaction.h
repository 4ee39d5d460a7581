#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "platform/base/retry.h"
#include "platform/sql/database.h"

namespace cityinfo::sql {

// The database broke a transaction off so that another could go on (SQLSTATE 40001, 40P01): run
// again, it will most likely succeed. ABORTED with the reason WRITE_CONFLICT.
bool IsConflict(const absl::Status& status);

// DEADLINE_EXCEEDED once `deadline` has passed. Databases look at deadlines only now and then;
// whoever has stopped waiting must not find the write done.
absl::Status StillAwaited(absl::Time deadline);

namespace internal {
// Whether to try again, after the pause that this call waits out.
bool PauseBeforeRetry(const absl::Status& status, absl::Time deadline, base::Backoff& backoff);
base::Backoff ConflictBackoff();
// Whether the primary may do better than the standby that gave this error: it is not of the kind
// that a body gives for a reason of its own.
bool MayBeTheStandbys(const absl::Status& status);

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}
}  // namespace internal

namespace internal {
template <typename Body>
auto RunWrite(Database& database, absl::Time deadline, bool keep, Body body)
    -> decltype(body(std::declval<Connection&>())) {
  base::Backoff backoff = ConflictBackoff();
  for (;;) {
    auto attempt = [&]() -> decltype(body(std::declval<Connection&>())) {
      absl::StatusOr<Lease> lease = database.Write(deadline);
      if (!lease.ok()) return lease.status();
      absl::StatusOr<Transaction> transaction = Transaction::Begin(**lease);
      if (!transaction.ok()) return transaction.status();
      auto result = body(**lease);
      if (!result.ok()) return result;
      absl::Status done = StillAwaited(deadline);
      if (done.ok() && keep) done = transaction->Commit();
      if (!done.ok()) return done;
      return result;
    };
    auto result = attempt();
    if (result.ok()) return result;
    if (!PauseBeforeRetry(StatusOf(result), deadline, backoff)) return result;
  }
}
}  // namespace internal

// Runs `body(Connection&)`, which gives a Status or a StatusOr, in a write transaction and commits
// it. On an error nothing stays. After a conflict it is run again, a bounded number of times with
// growing pauses, while the deadline allows; so `body` must keep its effects to the transaction and
// to what it returns. A write that is done after `deadline` is rolled back.
template <typename Body>
auto InWrite(Database& database, absl::Time deadline, Body body)
    -> decltype(body(std::declval<Connection&>())) {
  return internal::RunWrite(database, deadline, /*keep=*/true, std::move(body));
}

// The same, but it is rolled back whatever comes out: what a write would do.
template <typename Body>
auto InRehearsal(Database& database, absl::Time deadline, Body body)
    -> decltype(body(std::declval<Connection&>())) {
  return internal::RunWrite(database, deadline, /*keep=*/false, std::move(body));
}

// The same for reads that see one moment. `body(Connection&, bool standby)`. A standby that broke
// the read off (it conflicts with what is being replayed), is too slow or fails otherwise is not
// asked again: the next attempt goes to the primary, at once.
template <typename Body>
auto InRead(Database& database, absl::Time deadline, Freshness freshness, Body body)
    -> decltype(body(std::declval<Connection&>(), false)) {
  base::Backoff backoff = internal::ConflictBackoff();
  for (;;) {
    bool standby = false;
    auto attempt = [&]() -> decltype(body(std::declval<Connection&>(), false)) {
      absl::StatusOr<Lease> lease = database.Read(deadline, freshness);
      if (!lease.ok()) return lease.status();
      standby = lease->standby();
      absl::StatusOr<Transaction> moment = Transaction::Begin(**lease, Transaction::Mode::kRead);
      if (!moment.ok()) return moment.status();
      return body(**lease, standby);
    };
    auto result = attempt();
    if (result.ok()) return result;
    const absl::Status status = internal::StatusOf(result);
    const bool ask_primary = standby && internal::MayBeTheStandbys(status);
    if (!ask_primary && !internal::PauseBeforeRetry(status, deadline, backoff)) return result;
    freshness = Freshness::kNewest;
  }
}

}  // namespace cityinfo::sql
