#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "platform/telemetry/span.h"

namespace cityinfo::telemetry {

// Who the spans are from.
struct SpanResource {
  std::string service;   // service.name
  std::string version;   // service.version
  std::string instance;  // service.instance.id, unique among the replicas
};

// The body of POST /v1/traces: an ExportTraceServiceRequest in OTLP's JSON encoding (ids as
// hexadecimal digits, 64-bit numbers as strings, enums as numbers).
std::string EncodeSpans(const SpanResource& resource, const std::vector<Span>& spans);

// How many spans the answer's partialSuccess says were refused; 0 when it says nothing of the kind.
int64_t RejectedSpans(absl::string_view answer);

}  // namespace cityinfo::telemetry
