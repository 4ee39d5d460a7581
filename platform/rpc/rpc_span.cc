#include "platform/rpc/rpc_span.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace cityinfo::rpc {
namespace {

// For a client every error is one. A server has done its work when it refuses what is not right.
bool IsFailure(telemetry::SpanKind kind, absl::StatusCode code) {
  if (kind == telemetry::SpanKind::kClient) return code != absl::StatusCode::kOk;
  switch (code) {
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDataLoss:
      return true;
    default:
      return false;
  }
}

}  // namespace

void RecordRpcSpan(telemetry::SpanKind kind, const telemetry::TraceContext& context,
                   absl::string_view method, absl::Time start, absl::Time end,
                   absl::StatusCode code) {
  if (!telemetry::IsRecorded(context) || absl::StartsWith(method, "/grpc.health.")) return;
  const absl::string_view name = absl::StripPrefix(method, "/");
  const size_t slash = name.find('/');
  telemetry::Span span{.name = std::string(name),
                       .kind = kind,
                       .context = context,
                       .start = start,
                       .end = end,
                       .attributes = {{"rpc.system", "grpc"},
                                      {"rpc.service", std::string(name.substr(0, slash))},
                                      {"rpc.method", std::string(slash == absl::string_view::npos
                                                                     ? absl::string_view()
                                                                     : name.substr(slash + 1))},
                                      {"rpc.grpc.status_code", static_cast<int64_t>(code)}},
                       .failed = IsFailure(kind, code)};
  telemetry::Record(std::move(span));
}

}  // namespace cityinfo::rpc
