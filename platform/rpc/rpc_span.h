#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/telemetry/span.h"

namespace cityinfo::rpc {

// Records one end of a call ("/package.Service/Method") by OpenTelemetry's conventions for gRPC, if
// its trace is sampled. Health checks are left out: they come every second and say nothing new.
void RecordRpcSpan(telemetry::SpanKind kind, const telemetry::TraceContext& context,
                   absl::string_view method, absl::Time start, absl::Time end,
                   absl::StatusCode code);

}  // namespace cityinfo::rpc
