#pragma once

#include "platform/sql/database.h"
#include "platform/telemetry/metrics.h"

namespace cityinfo::host {

// Shows how busy the connections to the store are, by pool ("writer", "reader", "standby"):
//   cityinfo_store_connections{pool,state}        in_use or idle
//   cityinfo_store_connections_limit{pool}        most there may be
//   cityinfo_store_waiting{pool}                  who waits for one
//   cityinfo_store_connects_total{pool,result}    opened, or failed to
//   cityinfo_store_wait_timeouts_total{pool}      who went away without one
// The database must outlive the last rendering.
void ReportStore(const sql::Database& database, telemetry::Metrics& metrics);

}  // namespace cityinfo::host
