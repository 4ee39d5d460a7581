#pragma once

#include "absl/status/statusor.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/domain/observation_query.h"

namespace cityinfo::metrics {

// Answers a query whose units are something to compute, inside a read transaction that the caller
// holds. Each published level that the filters let through is computed with the one it is compared
// with, whatever the filters say of that one; as_of and published_as_of hold for both.
//
// Reads two statements a round, at most kMaxComputedRounds rounds of page_size levels, until the
// page is full: where little can be computed a page may be short or empty and yet not be the last.
// A level belongs to one page, whatever the page size, so pages join to the same answer.
inline constexpr int kMaxComputedRounds = 8;
absl::StatusOr<ObservationPage> ReadComputedObservations(sql::Connection& connection,
                                                         const ObservationQuery& query);

}  // namespace cityinfo::metrics
