#include "platform/rpc/pool_metrics.h"

namespace cityinfo::rpc {
namespace {

telemetry::Counter& Tasks(telemetry::Metrics& metrics, const char* outcome) {
  return metrics.GetCounter("cityinfo_worker_pool_tasks_total",
                            "Tasks given to the workers: finished, dropped because nobody waited "
                            "any more, or rejected because the queue was full.",
                            {{"outcome", outcome}});
}

// A count kept elsewhere, brought up to date.
void RaiseTo(int64_t total, telemetry::Counter& counter) {
  counter.Increment(static_cast<double>(total) - counter.Value());
}

}  // namespace

void ReportPool(const concurrency::WorkerPool& pool, telemetry::Metrics& metrics) {
  metrics.GetGauge("cityinfo_worker_pool_threads", "Threads that work on calls.")
      .Set(pool.options().threads);
  metrics.GetGauge("cityinfo_worker_pool_queue_limit", "Calls that may wait for a worker.")
      .Set(pool.options().queue_limit);
  telemetry::Gauge& running =
      metrics.GetGauge("cityinfo_worker_pool_running", "Calls that workers are busy with.");
  telemetry::Gauge& queued =
      metrics.GetGauge("cityinfo_worker_pool_queued", "Calls that wait for a worker.");
  telemetry::Counter& finished = Tasks(metrics, "finished");
  telemetry::Counter& dropped = Tasks(metrics, "dropped");
  telemetry::Counter& rejected = Tasks(metrics, "rejected");
  metrics.OnRender([&] {
    const concurrency::WorkerPool::Stats stats = pool.GetStats();
    running.Set(stats.running);
    queued.Set(stats.queued);
    RaiseTo(stats.finished, finished);
    RaiseTo(stats.dropped, dropped);
    RaiseTo(stats.rejected, rejected);
  });
}

}  // namespace cityinfo::rpc
