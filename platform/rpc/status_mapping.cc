#include "platform/rpc/status_mapping.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "platform/base/error.h"

namespace cityinfo::rpc {
namespace {

// Codes that say "we failed": their message is for the log.
bool IsOurFault(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

// What gRPC itself says ("failed to connect to all addresses; last error: ipv4:10.0.0.7:50051 ...")
// names hosts, so each code gets a sentence of ours.
absl::string_view PlainMessage(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
      return "a service behind this one cannot be reached";
    case absl::StatusCode::kDeadlineExceeded:
      return "a service behind this one did not answer in time";
    case absl::StatusCode::kCancelled:
      return "the call was cancelled";
    case absl::StatusCode::kResourceExhausted:
      return "a message is too large, or a service is busy";
    case absl::StatusCode::kUnimplemented:
      return "this method is not available";
    default:
      return "internal error";
  }
}

}  // namespace

absl::string_view CodeName(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return "OK";
    case absl::StatusCode::kCancelled:
      return "CANCELLED";
    case absl::StatusCode::kInvalidArgument:
      return "INVALID_ARGUMENT";
    case absl::StatusCode::kDeadlineExceeded:
      return "DEADLINE_EXCEEDED";
    case absl::StatusCode::kNotFound:
      return "NOT_FOUND";
    case absl::StatusCode::kAlreadyExists:
      return "ALREADY_EXISTS";
    case absl::StatusCode::kPermissionDenied:
      return "PERMISSION_DENIED";
    case absl::StatusCode::kResourceExhausted:
      return "RESOURCE_EXHAUSTED";
    case absl::StatusCode::kFailedPrecondition:
      return "FAILED_PRECONDITION";
    case absl::StatusCode::kAborted:
      return "ABORTED";
    case absl::StatusCode::kOutOfRange:
      return "OUT_OF_RANGE";
    case absl::StatusCode::kUnimplemented:
      return "UNIMPLEMENTED";
    case absl::StatusCode::kInternal:
      return "INTERNAL";
    case absl::StatusCode::kUnavailable:
      return "UNAVAILABLE";
    case absl::StatusCode::kDataLoss:
      return "DATA_LOSS";
    case absl::StatusCode::kUnauthenticated:
      return "UNAUTHENTICATED";
    default:
      return "UNKNOWN";
  }
}

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status result;
  result.set_code(static_cast<int>(status.code()));
  if (status.ok()) return result;
  if (IsOurFault(status.code())) {
    result.set_message("internal error");
  } else {
    result.set_message(std::string(status.message()));
  }
  google::rpc::ErrorInfo info;
  const std::string reason = base::ErrorReason(status);
  info.set_reason(reason.empty() ? std::string(CodeName(status.code())) : reason);
  info.set_domain(kErrorDomain);
  result.add_details()->PackFrom(info);
  google::rpc::BadRequest bad_request;
  for (const base::FieldViolation& violation : base::FieldViolations(status)) {
    auto* field = bad_request.add_field_violations();
    field->set_field(violation.field);
    field->set_description(violation.description);
  }
  if (bad_request.field_violations_size() > 0) result.add_details()->PackFrom(bad_request);
  return result;
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status rich = ToRpcStatus(status);
  return grpc::Status(static_cast<grpc::StatusCode>(rich.code()), rich.message(),
                      rich.SerializeAsString());
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  google::rpc::Status rich;
  google::rpc::ErrorInfo info;
  bool ours = false;
  if (!status.error_details().empty() && rich.ParseFromString(status.error_details())) {
    for (const auto& detail : rich.details()) {
      ours = ours || (detail.UnpackTo(&info) && info.domain() == kErrorDomain);
    }
  }
  if (!ours) {
    return base::WithDetail(
        base::MakeError(code, absl::StrCat("UPSTREAM_", CodeName(code)), PlainMessage(code)),
        status.error_message());
  }
  absl::Status result = base::MakeError(code, info.reason(), status.error_message());
  google::rpc::BadRequest bad_request;
  for (const auto& detail : rich.details()) {
    if (!detail.UnpackTo(&bad_request)) continue;
    for (const auto& field : bad_request.field_violations()) {
      base::AddFieldViolation(&result, field.field(), field.description());
    }
  }
  return result;
}

}  // namespace cityinfo::rpc
