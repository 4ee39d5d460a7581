#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "platform/telemetry/trace.h"

namespace cityinfo::telemetry {

// A key of OpenTelemetry's semantic conventions ("http.route") and its value.
struct Attribute {
  const char* key;  // static
  std::variant<std::string, int64_t, double, bool> value;
};

// The numbers are OTLP's.
enum class SpanKind { kInternal = 1, kServer = 2, kClient = 3, kProducer = 4, kConsumer = 5 };

// One piece of work of a trace, told once it is over.
struct Span {
  std::string
      name;  // from a small set: "GET /v1/articles", "cityinfo.articles.v1.ArticleService/…"
  SpanKind kind = SpanKind::kInternal;
  TraceContext context;
  absl::Time start;
  absl::Time end;
  std::vector<Attribute> attributes;
  bool failed = false;
};

// Whether Record would keep a span of this trace. Ask before making one: most requests have none.
bool IsRecorded(const TraceContext& context);

// Gives a span to the SpanExporter that runs in this process. Never waits; without an exporter, or
// when its queue is full, the span is gone. Thread-safe.
void Record(Span span);

class SpanQueue;
// For SpanExporter: where Record puts spans from now on. Null ends it; once this returns, the queue
// before is not touched any more.
void SetSpanQueue(SpanQueue* queue);

}  // namespace cityinfo::telemetry
