#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/telemetry/metrics.h"
#include "platform/telemetry/trace.h"
#include "services/gateway/routes/route_table.h"

namespace cityinfo::gateway {

// What is told of one request once it is answered.
struct RequestRecord {
  absl::string_view http_method;
  absl::string_view path;
  // The route's template ("/v1/{name=articles/*}"), "web" for a file of the web app, the path of a
  // health page or a feed; empty when none was found.
  absl::string_view route;
  absl::string_view rpc;  // name of the method; empty when none was called
  absl::string_view peer;
  absl::string_view principal;
  telemetry::TraceContext trace;
  absl::string_view reason;  // of an error
  int http_status = 0;
  size_t response_bytes = 0;
  absl::Time arrival;
  absl::Duration duration;
};

// One JSON line per request; for probes of health only when debugging.
void LogRequest(const RequestRecord& record);

// The request as a server's span by OpenTelemetry's conventions for HTTP, if its trace is sampled;
// not for probes of health.
void RecordRequestSpan(const RequestRecord& record);

// Rate, errors and duration by route: cityinfo_http_requests_total{route,code},
// cityinfo_http_duration_seconds{route}; and cityinfo_http_in_flight. Requests without a route
// share the route "none". Thread-safe.
class RequestMetrics {
 public:
  RequestMetrics(const RouteTable& routes, telemetry::Metrics& metrics);

  void Started() { in_flight_.Increment(); }
  void Finished() { in_flight_.Decrement(); }
  void Count(const RequestRecord& record);

 private:
  // The numbers of one route.
  class Series {
   public:
    Series(telemetry::Metrics& metrics, const std::string& route);
    void Count(int http_status, absl::Duration duration);

   private:
    telemetry::Counter& Requests(int http_status) ABSL_LOCKS_EXCLUDED(mutex_);

    telemetry::Metrics& metrics_;
    const std::string route_;
    telemetry::Histogram& seconds_;
    absl::Mutex mutex_;
    // Made at first use: a route meets few of the codes there are.
    absl::flat_hash_map<int, telemetry::Counter*> by_code_ ABSL_GUARDED_BY(mutex_);
  };

  telemetry::Gauge& in_flight_;
  absl::flat_hash_map<std::string, std::unique_ptr<Series>> series_;
  Series none_;
};

}  // namespace cityinfo::gateway
