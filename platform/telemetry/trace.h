#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::telemetry {

// Where a request stands in a distributed trace, as the W3C Trace Context header carries it.
struct TraceContext {
  std::string trace_id;  // 32 lower-case hexadecimal digits; the same on every hop
  std::string span_id;   // 16; this hop's
  bool sampled = false;  // whether the spans of this trace are kept; decided where it began
  // The span this one was made from; empty where the trace began. Not in the header.
  std::string parent_span_id;

  friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

inline constexpr char kTraceparent[] = "traceparent";

// Reads "00-<trace id>-<span id>-<flags>". Nothing if it is malformed, in which case the standard
// says to start a new trace. Versions above 00 are read as far as 00 goes.
std::optional<TraceContext> ParseTraceparent(absl::string_view header);
std::string FormatTraceparent(const TraceContext& context);

// The share of new traces that are sampled, 0 to 1; 0 until somebody exports spans. The choice
// follows from the trace id alone (its last 56 bits, as OpenTelemetry has it), so that every
// program with the same share would choose alike.
void SetSampleRatio(double ratio);
bool IsInSample(absl::string_view trace_id, double ratio);

// The start of a trace, with random ids; sampled as SetSampleRatio says.
TraceContext NewTrace();
TraceContext NewTrace(bool sampled);
// The next hop: the same trace with a span of its own, sampled as its parent is.
TraceContext NewChild(const TraceContext& parent);
// What a server does with an incoming header: a child of it, or a new trace.
TraceContext ContinueTrace(absl::string_view header);

}  // namespace cityinfo::telemetry
