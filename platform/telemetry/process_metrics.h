#pragma once

#include <string>

#include "platform/telemetry/metrics.h"

namespace cityinfo::telemetry {

// What every process shows of itself, read at each rendering:
//   cityinfo_build_info{service,version,commit}   1
//   cityinfo_log_lines_total{level}               log lines written
//   process_start_time_seconds, process_cpu_seconds_total, process_resident_memory_bytes,
//   process_virtual_memory_bytes, process_threads, process_open_fds, process_max_fds
// The last have the names that every Prometheus client library gives them, so that dashboards made
// for any program show ours too.
void ReportProcess(Metrics& metrics, const std::string& service);

}  // namespace cityinfo::telemetry
