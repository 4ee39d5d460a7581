#include "platform/host/store_metrics.h"

#include <string>
#include <vector>

namespace cityinfo::host {
namespace {

// The series of one pool.
class PoolSeries {
 public:
  PoolSeries(const std::string& pool, telemetry::Metrics& metrics)
      : in_use_(Connections(pool, "in_use", metrics)),
        idle_(Connections(pool, "idle", metrics)),
        limit_(metrics.GetGauge("cityinfo_store_connections_limit",
                                "Most connections to the store.", {{"pool", pool}})),
        waiting_(metrics.GetGauge("cityinfo_store_waiting",
                                  "Calls that wait for a connection to the store.",
                                  {{"pool", pool}})),
        opened_(Connects(pool, "opened", metrics)),
        failed_(Connects(pool, "failed", metrics)),
        timeouts_(metrics.GetCounter("cityinfo_store_wait_timeouts_total",
                                     "Calls that waited for a connection in vain.",
                                     {{"pool", pool}})) {}

  void Show(const sql::Pool::Usage& usage) const {
    in_use_.Set(usage.in_use);
    idle_.Set(usage.idle);
    limit_.Set(usage.size);
    waiting_.Set(usage.waiting);
    RaiseTo(usage.opened, opened_);
    RaiseTo(usage.failed, failed_);
    RaiseTo(usage.timeouts, timeouts_);
  }

 private:
  static telemetry::Gauge& Connections(const std::string& pool, const char* state,
                                       telemetry::Metrics& metrics) {
    return metrics.GetGauge("cityinfo_store_connections", "Open connections to the store.",
                            {{"pool", pool}, {"state", state}});
  }
  static telemetry::Counter& Connects(const std::string& pool, const char* result,
                                      telemetry::Metrics& metrics) {
    return metrics.GetCounter("cityinfo_store_connects_total", "Attempts to connect to the store.",
                              {{"pool", pool}, {"result", result}});
  }
  // A count kept elsewhere, brought up to date.
  static void RaiseTo(int64_t total, telemetry::Counter& counter) {
    counter.Increment(static_cast<double>(total) - counter.Value());
  }

  telemetry::Gauge& in_use_;
  telemetry::Gauge& idle_;
  telemetry::Gauge& limit_;
  telemetry::Gauge& waiting_;
  telemetry::Counter& opened_;
  telemetry::Counter& failed_;
  telemetry::Counter& timeouts_;
};

}  // namespace

void ReportStore(const sql::Database& database, telemetry::Metrics& metrics) {
  std::vector<PoolSeries> pools;
  for (const auto& [pool, usage] : database.Usage()) pools.emplace_back(pool, metrics);
  metrics.OnRender([&database, pools = std::move(pools)] {
    // The pools of a database are always the same, in the same order.
    const std::vector<sql::Database::PoolUsage> usage = database.Usage();
    for (size_t i = 0; i < pools.size() && i < usage.size(); ++i) pools[i].Show(usage[i].usage);
  });
}

}  // namespace cityinfo::host
