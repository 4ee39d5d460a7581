#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::telemetry {

// Where a request stands in a distributed trace, as the W3C Trace Context header carries it.
struct TraceContext {
  std::string trace_id;  // 32 lower-case hexadecimal digits; the same on every hop
  std::string span_id;   // 16; this hop's
  bool sampled = false;

  friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

inline constexpr char kTraceparent[] = "traceparent";

// Reads "00-<trace id>-<span id>-<flags>". Nothing if it is malformed, in which case the standard
// says to start a new trace. Versions above 00 are read as far as 00 goes.
std::optional<TraceContext> ParseTraceparent(absl::string_view header);
std::string FormatTraceparent(const TraceContext& context);

// The start of a trace, with random ids.
TraceContext NewTrace(bool sampled = false);
// The next hop: the same trace with a span of its own.
TraceContext NewChild(const TraceContext& parent);
// What a server does with an incoming header: a child of it, or a new trace.
TraceContext ContinueTrace(absl::string_view header);

}  // namespace cityinfo::telemetry
