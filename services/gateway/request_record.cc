#include "services/gateway/request_record.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/log/log.h"

namespace cityinfo::gateway {
namespace {

constexpr size_t kMaxLoggedPath = 200;

}  // namespace

void LogRequest(const RequestRecord& record) {
  // Probes come every second and say nothing new.
  const bool probe = record.rpc == "/healthz" || record.rpc == "/readyz";
  (probe ? log::Debug : log::Info)("request", {{"trace_id", record.trace_id},
                                               {"method", record.http_method},
                                               {"path", record.path.substr(0, kMaxLoggedPath)},
                                               {"rpc", record.rpc},
                                               {"status", record.http_status},
                                               {"reason", record.reason},
                                               {"ms", absl::ToDoubleMilliseconds(record.duration)},
                                               {"bytes", record.response_bytes},
                                               {"peer", record.peer},
                                               {"principal", record.principal}});
}

RequestMetrics::RequestMetrics(const RouteTable& routes, telemetry::Metrics& metrics) {
  for (const auto& route : routes.routes()) {
    series_.try_emplace(route->method->name(), MakeSeries(route->method->name(), metrics));
  }
  other_ = MakeSeries("other", metrics);
}

RequestMetrics::Series RequestMetrics::MakeSeries(const std::string& rpc,
                                                  telemetry::Metrics& metrics) {
  Series series;
  for (int code_class = 1; code_class <= 5; ++code_class) {
    series.by_class[code_class] =
        &metrics.GetCounter("cityinfo_http_requests_total", "HTTP requests answered",
                            {{"rpc", rpc}, {"status", absl::StrCat(code_class, "xx")}});
  }
  series.seconds =
      &metrics.GetHistogram("cityinfo_http_duration_seconds",
                            "Time from a request's arrival to its answer", {{"rpc", rpc}});
  return series;
}

void RequestMetrics::Count(const RequestRecord& record) {
  const auto found = series_.find(record.rpc);
  Series& series = found == series_.end() ? other_ : found->second;
  series.by_class[std::clamp(record.http_status / 100, 1, 5)]->Increment();
  series.seconds->Observe(absl::ToDoubleSeconds(record.duration));
}

}  // namespace cityinfo::gateway
