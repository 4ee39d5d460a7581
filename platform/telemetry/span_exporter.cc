#include "platform/telemetry/span_exporter.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"
#include "platform/base/id.h"
#include "platform/log/log.h"
#include "platform/telemetry/build_info.h"

namespace cityinfo::telemetry {
namespace {

constexpr absl::Duration kStopGrace = absl::Seconds(2);

std::string TracesUrl(absl::string_view endpoint) {
  while (absl::ConsumeSuffix(&endpoint, "/")) {
  }
  return absl::StrCat(endpoint, "/v1/traces");
}

// The statuses that OTLP names as worth another attempt.
bool IsTransient(int http_status) {
  return http_status == 429 || http_status == 502 || http_status == 503 || http_status == 504;
}

Counter& Dropped(Metrics& metrics, const char* reason) {
  return metrics.GetCounter("cityinfo_trace_spans_dropped_total",
                            "Spans that did not reach the collector: the queue was full, no "
                            "attempt to send them succeeded, or the collector refused them.",
                            {{"reason", reason}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<SpanExporter>> SpanExporter::Start(const Options& options,
                                                                  Metrics& metrics) {
  if (absl::Status bad = HttpPost::CheckUrl(options.endpoint); !bad.ok()) {
    return base::InvalidArgument("--otlp-endpoint",
                                 absl::StrCat("\"", options.endpoint, "\" ", bad.message()),
                                 "INVALID_ENDPOINT");
  }
  if (!(options.sample >= 0 && options.sample <= 1)) {
    return base::InvalidArgument("--trace-sample",
                                 absl::StrCat(options.sample, " is not a share from 0 to 1"));
  }
  return std::unique_ptr<SpanExporter>(new SpanExporter(options, metrics));
}

SpanExporter::SpanExporter(const Options& options, Metrics& metrics)
    : options_(options),
      resource_({.service = options.service, .version = Version(), .instance = base::NewId()}),
      exported_(metrics.GetCounter("cityinfo_trace_spans_exported_total",
                                   "Spans that the collector has taken.")),
      queue_full_(Dropped(metrics, "queue_full")),
      undelivered_(Dropped(metrics, "undelivered")),
      rejected_(Dropped(metrics, "rejected")),
      failures_(metrics.GetCounter("cityinfo_trace_export_failures_total",
                                   "Attempts to send a batch of spans that failed.")),
      queue_(std::make_shared<SpanQueue>(options.queue_limit, queue_full_)),
      post_(TracesUrl(options.endpoint), [this] { return absl::Now() >= stop_deadline(); }) {
  Gauge& waiting = metrics.GetGauge("cityinfo_trace_queue_spans", "Spans that wait to be sent.");
  metrics.OnRender([queue = queue_, &waiting] { waiting.Set(static_cast<double>(queue->size())); });
  absl::MutexLock lock(&join_mutex_);
  thread_ = std::jthread([this] { Run(); });
  SetSampleRatio(options.sample);
  SetSpanQueue(queue_.get());
}

SpanExporter::~SpanExporter() { Stop(absl::Now() + kStopGrace); }

void SpanExporter::Stop(absl::Time deadline) {
  absl::MutexLock one_at_a_time(&join_mutex_);
  if (!thread_.joinable()) return;
  SetSampleRatio(0);
  SetSpanQueue(nullptr);
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    stop_deadline_ = deadline;
  }
  queue_->Close();
  thread_.join();
}

absl::Time SpanExporter::stop_deadline() const {
  absl::MutexLock lock(&mutex_);
  return stop_deadline_;
}

void SpanExporter::Pause(absl::Duration duration) {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&stopping_), duration);
}

void SpanExporter::Run() {
  while (true) {
    const bool last = queue_->closed();
    std::vector<Span> spans = queue_->Take(options_.batch, options_.linger);
    if (!spans.empty())
      Deliver(std::move(spans));
    else if (last)
      return;
  }
}

void SpanExporter::Deliver(std::vector<Span> spans) {
  const std::size_t count = spans.size();
  const std::string body = EncodeSpans(resource_, spans);
  spans.clear();
  base::Backoff backoff(options_.retry);
  absl::Status status = base::Unavailable("STOPPED", "there was no time left to send them");
  while (absl::Now() < stop_deadline()) {
    absl::Duration asked_for;
    status = Attempt(body, count, &asked_for);
    if (!absl::IsUnavailable(status)) break;
    failures_.Increment();
    if (backoff.attempts() + 1 >= options_.attempts) break;
    Pause(std::min(std::max(backoff.Next(), asked_for), options_.retry.max));
  }
  if (absl::IsUnavailable(status)) undelivered_.Increment(static_cast<double>(count));
  Report(status, count);
}

absl::Status SpanExporter::Attempt(const std::string& body, std::size_t spans,
                                   absl::Duration* pause) {
  const absl::Duration timeout = std::min(options_.timeout, stop_deadline() - absl::Now());
  absl::StatusOr<HttpPost::Answer> answer = post_.Send(body, timeout);
  if (!answer.ok()) return answer.status();
  if (answer->status / 100 == 2) {
    const auto refused =
        std::min(static_cast<double>(RejectedSpans(answer->body)), static_cast<double>(spans));
    rejected_.Increment(refused);
    exported_.Increment(static_cast<double>(spans) - refused);
    return absl::OkStatus();
  }
  *pause = answer->retry_after;
  const std::string why = absl::StrCat("the collector answers ", answer->status);
  if (IsTransient(answer->status)) return base::Unavailable("COLLECTOR_BUSY", why);
  failures_.Increment();
  rejected_.Increment(static_cast<double>(spans));
  return base::FailedPrecondition("COLLECTOR_REFUSES", why);
}

// Once per trouble: batches fail every few seconds while it lasts.
void SpanExporter::Report(const absl::Status& status, std::size_t spans) {
  if (!status.ok() && !trouble_) {
    log::Warning("spans cannot be sent; they are dropped until the collector takes them",
                 {{"endpoint", options_.endpoint}, {"spans", spans}, {"error", status}});
  } else if (status.ok() && trouble_) {
    log::Info("spans are sent again", {{"endpoint", options_.endpoint}});
  }
  trouble_ = !status.ok();
}

}  // namespace cityinfo::telemetry
