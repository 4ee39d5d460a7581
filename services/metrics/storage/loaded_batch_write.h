#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/storage/ledger_write.h"

namespace cityinfo::metrics {

// The observations of the answer that a request_id was given before; nothing when it is new or
// empty. ALREADY_EXISTS (REQUEST_ID_REUSED) when it was another request. Three statements.
absl::StatusOr<std::optional<std::vector<Observation>>> FindLoadedAnswer(
    sql::Connection& connection, const LoadedBatch& batch);

// States the values of a batch, finishes `write`, remembers the answer under the request_id, and
// returns it. `now` is the write's record time.
absl::StatusOr<std::vector<Observation>> WriteLoadedBatch(sql::Connection& connection,
                                                          LedgerWrite& write,
                                                          const LoadedBatch& batch, absl::Time now);

}  // namespace cityinfo::metrics
