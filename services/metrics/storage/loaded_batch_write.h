#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/storage/change_feed.h"

namespace cityinfo::metrics {

// The answer that a request_id was given before; nothing when it is new or empty. ALREADY_EXISTS
// (REQUEST_ID_REUSED) when it was another request. Three statements.
absl::StatusOr<std::optional<std::vector<RecordedValue>>> FindLoadedAnswer(
    sql::Connection& connection, const LoadedBatch& batch);

// A batch in rounds, each with values of different keys: the nth value for a key is in the nth.
// Rounds hold the values' places in the batch.
using LoadedRounds = std::vector<std::vector<size_t>>;
LoadedRounds RoundsOf(const LoadedBatch& batch);

// States the values of a batch round by round, the nth at `first` plus n microseconds, and appends
// to `feed`. Remembers the answer under the request_id, unless nothing is to be stored, and returns
// it.
absl::StatusOr<std::vector<RecordedValue>> WriteLoadedBatch(sql::Connection& connection,
                                                            ChangeAppender& feed,
                                                            const LoadedBatch& batch,
                                                            const LoadedRounds& rounds,
                                                            absl::Time first);

}  // namespace cityinfo::metrics
