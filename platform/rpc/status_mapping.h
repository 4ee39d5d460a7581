#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"

namespace cityinfo::rpc {

// The domain every ErrorInfo of ours carries.
inline constexpr char kErrorDomain[] = "cityinfo";

// The wire form of an error: exactly one google.rpc.ErrorInfo {reason, domain "cityinfo"}, and a
// google.rpc.BadRequest when the status names fields. A status without a reason gets its code's
// name as the reason. INTERNAL, UNKNOWN and DATA_LOSS keep their reason but lose their message:
// what a driver said (SQL, paths, host names) goes to the log, not to the caller.
google::rpc::Status ToRpcStatus(const absl::Status& status);

// The same as a gRPC status, with the message above as its details.
grpc::Status ToGrpc(const absl::Status& status);

// Back again: code, message, reason and field violations are kept. A status that carries no details
// of ours (gRPC's own "connection refused") keeps its code, gets the reason UPSTREAM_<CODE> and a
// message without addresses. Details of a foreign kind are dropped.
absl::Status FromGrpc(const grpc::Status& status);

// "NOT_FOUND" for kNotFound, as google.rpc.Code spells it.
absl::string_view CodeName(absl::StatusCode code);

}  // namespace cityinfo::rpc
