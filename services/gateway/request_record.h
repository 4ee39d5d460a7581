#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/telemetry/metrics.h"
#include "services/gateway/routes/route_table.h"

namespace cityinfo::gateway {

// What is told of one request once it is answered.
struct RequestRecord {
  absl::string_view http_method;
  absl::string_view path;
  absl::string_view rpc;  // name of the method, or of the fixed page; empty when none was found
  absl::string_view peer;
  absl::string_view principal;
  absl::string_view trace_id;
  absl::string_view reason;  // of an error
  int http_status = 0;
  size_t response_bytes = 0;
  absl::Duration duration;
};

// One JSON line per request; for probes of health only when debugging.
void LogRequest(const RequestRecord& record);

// Counts requests and their durations by method and class of status. Thread-safe.
class RequestMetrics {
 public:
  RequestMetrics(const RouteTable& routes, telemetry::Metrics& metrics);
  void Count(const RequestRecord& record);

 private:
  struct Series {
    telemetry::Counter* by_class[6] = {};
    telemetry::Histogram* seconds = nullptr;
  };
  static Series MakeSeries(const std::string& rpc, telemetry::Metrics& metrics);

  absl::flat_hash_map<std::string, Series> series_;
  Series other_;
};

}  // namespace cityinfo::gateway
