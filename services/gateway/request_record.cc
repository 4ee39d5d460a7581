#include "services/gateway/request_record.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "platform/log/log.h"
#include "platform/telemetry/span.h"
#include "services/gateway/feeds/article_feeds.h"

namespace cityinfo::gateway {
namespace {

constexpr size_t kMaxLoggedPath = 200;
// Fixed pages, beside the routes of the API.
constexpr std::array<const char*, 3> kPages = {"/healthz", "/readyz", "web"};

bool IsProbe(const RequestRecord& record) {
  return record.route == "/healthz" || record.route == "/readyz";
}

// A client may make up methods; only those that HTTP knows may become part of a name.
absl::string_view KnownMethod(absl::string_view method) {
  for (absl::string_view known :
       {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"}) {
    if (method == known) return known;
  }
  return "";
}

}  // namespace

void LogRequest(const RequestRecord& record) {
  // Probes come every second and say nothing new.
  (IsProbe(record) ? log::Debug : log::Info)("request",
                                             {{"trace_id", record.trace.trace_id},
                                              {"method", record.http_method},
                                              {"path", record.path.substr(0, kMaxLoggedPath)},
                                              {"route", record.route},
                                              {"rpc", record.rpc},
                                              {"status", record.http_status},
                                              {"reason", record.reason},
                                              {"ms", absl::ToDoubleMilliseconds(record.duration)},
                                              {"bytes", record.response_bytes},
                                              {"peer", record.peer},
                                              {"principal", record.principal}});
}

void RecordRequestSpan(const RequestRecord& record) {
  if (!telemetry::IsRecorded(record.trace) || IsProbe(record)) return;
  const absl::string_view method = KnownMethod(record.http_method);
  const absl::string_view named = method.empty() ? "HTTP" : method;
  telemetry::Span span{
      .name = record.route.empty() ? std::string(named) : absl::StrCat(named, " ", record.route),
      .kind = telemetry::SpanKind::kServer,
      .context = record.trace,
      .start = record.arrival,
      .end = record.arrival + record.duration,
      .attributes = {{"http.request.method", std::string(method.empty() ? "_OTHER" : method)},
                     {"url.scheme", "http"},
                     {"url.path", std::string(record.path.substr(0, kMaxLoggedPath))},
                     {"http.response.status_code", int64_t{record.http_status}}},
      .failed = record.http_status >= 500};
  if (!record.route.empty()) span.attributes.push_back({"http.route", std::string(record.route)});
  if (span.failed) span.attributes.push_back({"error.type", absl::StrCat(record.http_status)});
  if (!record.reason.empty()) {
    span.attributes.push_back({"cityinfo.reason", std::string(record.reason)});
  }
  telemetry::Record(std::move(span));
}

RequestMetrics::RequestMetrics(const RouteTable& routes, telemetry::Metrics& metrics)
    : in_flight_(metrics.GetGauge("cityinfo_http_in_flight", "HTTP requests being worked on.")),
      none_(metrics, "none") {
  for (const auto& route : routes.routes()) {
    const std::string& text = route->path.text();
    if (!series_.contains(text)) series_.emplace(text, std::make_unique<Series>(metrics, text));
  }
  for (const char* page : kPages) series_.emplace(page, std::make_unique<Series>(metrics, page));
  for (const FeedFormat& format : FeedFormats()) {
    const std::string path(format.path);
    series_.emplace(path, std::make_unique<Series>(metrics, path));
  }
}

void RequestMetrics::Count(const RequestRecord& record) {
  const auto found = series_.find(record.route);
  Series& series = found == series_.end() ? none_ : *found->second;
  series.Count(record.http_status, record.duration);
}

RequestMetrics::Series::Series(telemetry::Metrics& metrics, const std::string& route)
    : metrics_(metrics),
      route_(route),
      seconds_(metrics.GetHistogram("cityinfo_http_duration_seconds",
                                    "Time from a request's arrival to its answer.",
                                    {{"route", route}})) {}

void RequestMetrics::Series::Count(int http_status, absl::Duration duration) {
  Requests(std::clamp(http_status, 100, 599)).Increment();
  seconds_.Observe(absl::ToDoubleSeconds(duration));
}

telemetry::Counter& RequestMetrics::Series::Requests(int http_status) {
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto found = by_code_.find(http_status);
    if (found != by_code_.end()) return *found->second;
  }
  telemetry::Counter& counter =
      metrics_.GetCounter("cityinfo_http_requests_total", "HTTP requests answered.",
                          {{"route", route_}, {"code", absl::StrCat(http_status)}});
  absl::MutexLock lock(&mutex_);
  by_code_.emplace(http_status, &counter);
  return counter;
}

}  // namespace cityinfo::gateway
