#pragma once

#include "platform/concurrency/worker_pool.h"
#include "platform/telemetry/metrics.h"

namespace cityinfo::rpc {

// Shows the pool that calls are worked on by:
//   cityinfo_worker_pool_threads, _queue_limit   what it may use
//   cityinfo_worker_pool_running, _queued        what it uses now
//   cityinfo_worker_pool_tasks_total{outcome}    finished, dropped (nobody waited any more) or
//                                                rejected (the queue was full)
// The pool must outlive the last rendering.
void ReportPool(const concurrency::WorkerPool& pool, telemetry::Metrics& metrics);

}  // namespace cityinfo::rpc
