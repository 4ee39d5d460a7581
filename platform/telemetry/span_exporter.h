#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/base/retry.h"
#include "platform/telemetry/http_post.h"
#include "platform/telemetry/metrics.h"
#include "platform/telemetry/otlp_json.h"
#include "platform/telemetry/span.h"
#include "platform/telemetry/span_queue.h"

namespace cityinfo::telemetry {

// Sends the spans that this process records to a collector: OTLP over HTTP in its JSON encoding.
// On a thread of its own, in batches, with a bounded queue: whatever the collector does, a request
// never waits for it; at worst its span is dropped and counted.
//
//   CITY_ASSIGN_OR_RETURN(exporter_, telemetry::SpanExporter::Start(
//       {.endpoint = config.otlp_endpoint, .service = "articles", .sample = config.trace_sample},
//       metrics_));
//   ...
//   shutdown->AddStep("send the spans", absl::Seconds(3),
//                     [&](absl::Time deadline) { exporter_->Stop(deadline); … });
//
// Metrics: cityinfo_trace_spans_exported_total, cityinfo_trace_spans_dropped_total{reason},
// cityinfo_trace_export_failures_total, cityinfo_trace_queue_spans.
class SpanExporter {
 public:
  struct Options {
    // "http://collector:4318"; /v1/traces is put behind it. Empty: nothing is exported.
    std::string endpoint;
    std::string service;
    // Share of the traces begun here that are sampled; one that was begun elsewhere keeps the
    // decision it comes with.
    double sample = 1;

    std::size_t queue_limit = 4096;
    std::size_t batch = 512;
    // A span waits this long at most for others to be sent with it.
    absl::Duration linger = absl::Seconds(2);
    // For one attempt to send a batch.
    absl::Duration timeout = absl::Seconds(5);
    int attempts = 3;
    // Between attempts. A collector that asks for a longer pause gets `max`.
    base::Backoff::Options retry = {.initial = absl::Milliseconds(250), .max = absl::Seconds(5)};
  };

  // From now on Record() gives spans to it; one at a time in a process. INVALID_ARGUMENT naming the
  // flag --otlp-endpoint or --trace-sample. `metrics` must outlive it.
  static absl::StatusOr<std::unique_ptr<SpanExporter>> Start(const Options& options,
                                                             Metrics& metrics);
  // Stops, with two seconds for what still waits.
  ~SpanExporter();
  SpanExporter(const SpanExporter&) = delete;
  SpanExporter& operator=(const SpanExporter&) = delete;

  // Takes no more spans and sends those that wait until `deadline`; the rest is dropped and
  // counted. Returns at `deadline` or a tenth of a second later. Any thread; again is fine.
  void Stop(absl::Time deadline) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  SpanExporter(const Options& options, Metrics& metrics);

  void Run();
  void Deliver(std::vector<Span> spans);
  // One attempt. OK when the collector has the batch; UNAVAILABLE when trying again may help.
  absl::Status Attempt(const std::string& body, std::size_t spans, absl::Duration* pause);
  void Report(const absl::Status& status, std::size_t spans);
  absl::Time stop_deadline() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Waits, but not once it is stopping.
  void Pause(absl::Duration duration) ABSL_LOCKS_EXCLUDED(mutex_);

  const Options options_;
  const SpanResource resource_;
  Counter& exported_;
  Counter& queue_full_;
  Counter& undelivered_;
  Counter& rejected_;
  Counter& failures_;
  // Shared with what Metrics calls at each rendering, which may come after this object has gone.
  const std::shared_ptr<SpanQueue> queue_;
  HttpPost post_;         // the thread's own
  bool trouble_ = false;  // the thread's own: whether the last batch was lost

  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time stop_deadline_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  absl::Mutex join_mutex_;  // one joins, the others wait for it
  std::jthread thread_ ABSL_GUARDED_BY(join_mutex_);
};

}  // namespace cityinfo::telemetry
